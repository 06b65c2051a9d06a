"""The command `nystromformer` as a shell meets it: python3 command_tests.py PROGRAM FIXTURES [sanitized | webassembly]

Logits are the float64 twin's (tests/fixtures/golden).
"""

import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import tempfile
import unittest

PROGRAM, FIXTURES = sys.argv[1], pathlib.Path(sys.argv[2])
MODEL = FIXTURES / "tiny-model"
SANITIZED, WEBASSEMBLY = (word in sys.argv[3:] for word in ("sanitized", "webassembly"))
SHIPPED = (
    pathlib.Path(PROGRAM).parent / "model" if WEBASSEMBLY else FIXTURES.absolute().parents[1] / "models" / "sentiment"
)
SHORT_TEXT = b"I am happy."
LIMIT = 64_000_000


os.environ["NYSTROMFORMER_MODEL"] = str(MODEL)


def run(*arguments, stdin=b"", **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 300} | options
    return subprocess.run([PROGRAM, *map(str, arguments)], input=stdin, **options)


def start(*arguments, prefix=()):
    pipe = subprocess.PIPE
    return subprocess.Popen([*prefix, PROGRAM, *arguments], stdin=pipe, stdout=pipe, stderr=pipe)


def lines(*texts):
    return b"".join(json.dumps({"text": text}).encode() + b"\n" for text in texts)


def read_lines(stdin, *arguments):
    done = run("classify", "--jsonl", *arguments, stdin=stdin)
    return done, [json.loads(line) for line in done.stdout.splitlines()]


def peak_kilobytes(text_lines):
    """Peak memory of one run. A child that only waits for it has it as its largest child."""
    code = (
        "import resource, subprocess, sys;"
        "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    command = [sys.executable, "-c", code, PROGRAM, "classify", "--jsonl"]
    return int(subprocess.run(command, input=text_lines, capture_output=True, check=True).stdout)


class Verdicts(unittest.TestCase):
    def test_lines_have_the_twins_logits_in_order(self):
        texts = json.loads((FIXTURES / "golden/tiny_texts.json").read_text("utf-8"))["texts"]
        done, results = read_lines(lines(*(text["text"] for text in texts)))
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertEqual(len(results), len(texts))
        for text, result in zip(texts, results, strict=True):
            expected = text["logit"]["tiny-model"]
            with self.subTest(text["text"][:60]):
                self.assertEqual((result["empty"], result["tokens"]), (text["empty"], text["tokens"]))
                self.assertEqual(result["unknownTokens"], text["unknown"])
                if text["empty"]:
                    self.assertIsNone(result["label"])
                    continue
                self.assertAlmostEqual(result["logit"], expected, delta=1e-4)
                self.assertEqual(result["label"], "positive" if expected > 0 else "negative")
                self.assertEqual(result["score"], result["scores"][result["label"]])

    def test_words_for_one_text_and_for_several_files(self):
        self.assertEqual(run("classify", stdin=SHORT_TEXT).stdout, b"positive 96.1 %, 6 tokens\n")
        self.assertEqual(run("classify", stdin=b" \n").stdout, b"no text, no verdict\n")
        unknown = run("classify", stdin="I am 電影 ☃.".encode()).stdout
        self.assertRegex(unknown, rb"^\w+ \d+\.\d %, \d+ tokens, \d of them unknown to the model\n$")
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "one").write_bytes(SHORT_TEXT)
            pathlib.Path(folder, "two").write_bytes(b"I am not happy.")
            done = run("classify", "one", "missing", "two", cwd=folder)
            self.assertEqual(done.stdout, b"one: positive 96.1 %, 6 tokens\ntwo: negative 93.5 %, 7 tokens\n")
            self.assertEqual(done.stderr, b"nystromformer: missing: can't be read: No such file or directory\n")
            self.assertEqual(done.returncode, 1)
            done = run("classify", "--json", "one", ".", cwd=folder)
            first, second = map(json.loads, done.stdout.splitlines())
            self.assertEqual((first["file"], first["label"]), ("one", "positive"))
            self.assertEqual((second["file"], second["error"]["code"]), (".", "INPUT_INVALID"))
            self.assertEqual(done.returncode, 1)
            self.assertEqual(json.loads(run("classify", "--jsonl", "missing", cwd=folder).stdout)["file"], "missing")

    def test_bytes_are_read_as_browsers_read_them(self):
        def tokens(stdin):
            result = json.loads(run("classify", "--json", stdin=stdin).stdout)
            return result["logit"], result["tokens"]

        plain = tokens(SHORT_TEXT)
        self.assertEqual(tokens(b"\xef\xbb\xbf" + SHORT_TEXT), plain)
        self.assertEqual(tokens(b"I\0 am\r\nhappy.\r\n"), plain)
        self.assertEqual(tokens(b"I am \xe2\x82 happy."), tokens("I am \ufffd happy.".encode()))


class Lines(unittest.TestCase):
    def test_what_is_not_a_line_with_a_text_gives_an_error_in_its_place(self):
        cases = [
            (b"", "blank", None),
            (b" \t", "blank", None),
            (b'{"text":"\xc3\xa9" x', "valid JSON", 12),
            (b'{"text":"a"} {}', "valid JSON", 13),
            (b'{"text":"a"}\0 x', "valid JSON", 12),
            (b'{"id":1e999,"text":"a"}', "too large", 10),
            (b'{"text":"a', "valid JSON", 10),
            (b"[" * 100_000, "valid JSON", 100_000),
            (b'[{"text":"a"}]', "JSON object", None),
            (b"7", "JSON object", None),
            (b'{"TEXT":"a"}', "--text-field", None),
            (b'{"text":7}', "--text-field", None),
            (b'{"text":{"text":"a"}}', "--text-field", None),
            (b'{"text":"a","text":null}', "--text-field", None),
        ]
        good = b'{"text":"I am happy."}'
        stdin = good + b"".join(b"\n" + line + b"\n" + good for line, _, _ in cases)
        done, results = read_lines(stdin)
        self.assertEqual((done.returncode, done.stderr, len(results)), (1, b"", 2 * len(cases) + 1))
        self.assertEqual({result["label"] for result in results[::2]}, {"positive"})
        for number, (line, part, offset) in enumerate(cases):
            with self.subTest(line[:40]):
                error = results[2 * number + 1]["error"]
                self.assertEqual((error["code"], error["line"]), ("INPUT_INVALID", 2 * number + 2))
                self.assertIn(part, error["message"])
                self.assertEqual(error.get("offset"), offset)

    def test_lines_that_are_unusual_and_good(self):
        plain = lines("I am happy.")
        cases = [
            b'\xef\xbb\xbf{"text":"I am happy."}\r\n',
            b'{"id":[{"text":"no"}],"text":"I am happy.","more":{"text":"no"}}\n',
            b'{"text":"no","text":"I am happy."}\n',
            b'{"other":"\\ud800 \\\\ud800","text":"I am happy."}\n',
            b'{"other":"\xff","text":"\\u0049 am\\u0000 happy\\u002e"}',
        ]
        for line in cases:
            with self.subTest(line):
                self.assertEqual(read_lines(line)[1], read_lines(plain)[1])
        lone = read_lines(b'{"text":"a \\udc00 b"}\n{"text":"a \\ufffd b"}\n{"text":"a \xed\xa0\x80 b"}')[1]
        self.assertEqual(lone[0], lone[1])
        pair = read_lines(b'{"text":"\\ud83d\\ude00"}\n' + '{"text":"😀"}'.encode())[1]
        self.assertEqual(pair[0], pair[1])

    def test_another_field_and_several_files(self):
        done, results = read_lines(b'{"text":"no","body":"I am happy."}\n', "--text-field", "body")
        self.assertEqual((done.returncode, results[0]["label"]), (0, "positive"))
        with tempfile.TemporaryDirectory() as folder:
            pathlib.Path(folder, "one").write_bytes(lines("I am happy."))
            done = run("classify", "--jsonl", "one", "-", stdin=b"\n" + lines("I am not happy."), cwd=folder)
        results = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([result["file"] for result in results], ["one", "-", "-"])
        self.assertEqual(results[1]["error"]["line"], 1)

    def test_threads_change_nothing_but_the_time(self):
        texts = lines(*("happy " * (1 + i * i * 7919 % (3000 if i % 40 == 0 else 60)) for i in range(400)))
        mixed = texts + b"no json\n" + texts + b'{"text":7}\n'
        alone = run("classify", "--jsonl", stdin=mixed)
        for threads in ("2", "7"):
            together = run("classify", "--jsonl", "--threads", threads, stdin=mixed)
            self.assertEqual((together.returncode, together.stderr), (1, b""))
            self.assertEqual(together.stdout, alone.stdout)
        self.assertEqual(len(alone.stdout.splitlines()), 802)

    def test_a_line_over_the_limit_is_dropped_and_the_next_one_read(self):
        longest = b'{"text":"I am happy.","more":"' + b"x" * (LIMIT - 32) + b'"}'
        self.assertEqual(len(longest), LIMIT)
        done, results = read_lines(longest + b"\n" + longest + b" \n" + lines("I am not happy."))
        self.assertEqual([result.get("label") for result in results], ["positive", None, "negative"])
        self.assertIn("64 MB", results[1]["error"]["message"])
        self.assertEqual(done.returncode, 1)
        self.assertIn(b"64 MB", run("classify", stdin=b"x" * (LIMIT + 1)).stderr)

    @unittest.skipIf(SANITIZED or WEBASSEMBLY, "the sanitizers and Node reserve terabytes")
    def test_a_line_that_memory_does_not_suffice_for_is_an_error_and_the_next_one_is_read(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (100_000_000, 100_000_000))

        large = b'{"text":"' + b"x" * 20_000_000 + b'"}\n'
        done = run("classify", "--jsonl", stdin=large + lines("I am happy."), preexec_fn=limit)
        first, second = map(json.loads, done.stdout.splitlines())
        self.assertEqual((first["error"]["code"], second["label"]), ("OUT_OF_MEMORY", "positive"))
        self.assertEqual((done.returncode, done.stderr), (1, b""))

    def test_each_verdict_is_written_before_the_next_text_is_read(self):
        for threads in ("1", "3"):
            with start("classify", "--jsonl", "--threads", threads) as program:
                for _ in range(5):
                    program.stdin.write(lines("I am happy."))
                    program.stdin.flush()
                    self.assertEqual(json.loads(program.stdout.readline())["label"], "positive")
                program.stdin.close()
                self.assertEqual(program.wait(60), 0)

    @unittest.skipIf(SANITIZED, "the sanitizers keep freed memory")
    def test_memory_does_not_grow_with_the_number_of_lines(self):
        def texts(count):
            lengths = [20_000 if i == 20 else 1 + i * i * 7919 % 1500 for i in range(count)]
            return lines(*("happy " * length for length in lengths))

        few, many = peak_kilobytes(texts(100)), peak_kilobytes(texts(1000))
        # Node collects its garbage when it likes to.
        self.assertLess(many, (1.3 if WEBASSEMBLY else 1.05) * few)


class Ends(unittest.TestCase):
    def test_a_closed_pipe_ends_it_quietly(self):
        code = "import os, signal, sys; signal.signal(signal.SIGPIPE, getattr(signal, sys.argv[1]));"
        code += "os.execv(sys.argv[2], sys.argv[2:])"
        quiet = 128 + signal.SIGPIPE
        # Node ignores the signal.
        for action, status in (("SIG_DFL", quiet if WEBASSEMBLY else -signal.SIGPIPE), ("SIG_IGN", quiet)):
            with self.subTest(action):
                prefix = [sys.executable, "-c", code, action]
                with start("classify", "--jsonl", "--threads", "2", prefix=prefix) as program:
                    program.stdout.close()
                    program.stdin.write(lines("I am happy."))
                    program.stdin.close()
                    self.assertEqual(program.stderr.read(), b"")
                    self.assertEqual(program.wait(60), status)

    def test_an_interrupt_ends_it(self):
        with start("classify", "--jsonl") as program:
            program.stdin.write(lines("I am happy."))
            program.stdin.flush()
            program.stdout.readline()
            program.send_signal(signal.SIGINT)
            self.assertEqual(program.wait(60), -signal.SIGINT)

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_output_that_cannot_be_written_is_an_error(self):
        with open("/dev/full", "wb") as full:
            for arguments in ([], ["--jsonl"], ["--jsonl", "--threads", "3"]):
                done = run("classify", *arguments, stdin=lines("I am happy.") * 50, stdout=full)
                self.assertEqual(done.returncode, 2)
                self.assertIn(b"No space left", done.stderr)


class CommandLine(unittest.TestCase):
    def test_help_and_version(self):
        for arguments in (["--help"], ["help"], ["classify", "-h"]):
            done = run(*arguments)
            self.assertEqual(done.returncode, 0)
            for word in (b"--jsonl", b"UTF-16", b"NYSTROMFORMER_MODEL", b"Status:"):
                self.assertIn(word, done.stdout)
        self.assertRegex(run("--version").stdout, rb"^nystromformer \d+\.\d+\.\d+\n$")

    def test_mistakes_are_named(self):
        for arguments, part in [
            ([], b"no command"),
            (["clasify"], b"'clasify' is not a command"),
            (["classify", "--jsno"], b"--jsno is not an option"),
            (["classify", "-x"], b"-x is not an option"),
            (["classify", "--model"], b"--model needs a value"),
            (["classify", "--json", "--jsonl"], b"exclude"),
            (["classify", "--json=yes"], b"--json takes no value"),
            (["classify", "--help=yes"], b"--help takes no value"),
            (["classify", "--text-field", "body"], b"--text-field belongs to --jsonl"),
            (["classify", "--threads", "1"], b"--threads belongs to --jsonl"),
            (["classify", "--jsonl", "--threads", "0"], b"--threads takes a number from 1 to 1024"),
            (["classify", "--jsonl", "--threads", "2x"], b"--threads takes a number from 1 to 1024"),
            (["info", "a", "b"], b"one model folder"),
            (["info", "--json"], b"--json"),
            (["classify", "--model", "/nowhere"], b"/nowhere/config.json"),
        ]:
            with self.subTest(arguments):
                done = run(*arguments)
                self.assertEqual((done.returncode, done.stdout), (2, b""))
                self.assertIn(part, done.stderr)

    def test_info(self):
        for arguments in (["info"], ["info", MODEL], ["info", "--model", MODEL]):
            done = run(*arguments)
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            rows = dict(line.split(maxsplit=1) for line in done.stdout.decode().splitlines() if "read" not in line)
            self.assertEqual((rows["layers"], rows["heads"], rows["landmarks"]), ("2", "2", "8"))

    @unittest.skipIf(SANITIZED or WEBASSEMBLY, "the sanitizers and Node reserve terabytes")
    def test_too_little_memory_for_a_model_is_an_error(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (40_000_000, 40_000_000))

        done = run("info", SHIPPED, preexec_fn=limit)
        self.assertEqual((done.returncode, done.stdout), (2, b""))
        self.assertIn(b"not enough memory", done.stderr)

    def test_the_model_that_came_along_is_found_from_anywhere(self):
        environment = {name: value for name, value in os.environ.items() if name != "NYSTROMFORMER_MODEL"}
        done = run("info", env=environment, cwd="/")
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        self.assertIn(str(SHIPPED).encode(), done.stdout)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    unittest.main(argv=sys.argv[:1], verbosity=2)
