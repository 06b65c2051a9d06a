#!/usr/bin/env python3
"""Writes tables.inc: what the Python `tokenizers` library does with every code point.

The library, not Unicode's data files, is the truth here: its crates follow several Unicode versions at once, so each
property is asked of it, one code point at a time. Combining order is asked by pairs, and the finished tables are
checked against the library on all pairs of combining marks and on random triples.

    pip install tokenizers==0.22.1
    python make_tables.py            # writes tables.inc beside this file
    python make_tables.py --check    # fails if tables.inc would change
"""

import argparse
import pathlib
import random
import sys

import tokenizers
from tokenizers import AddedToken, Tokenizer, models, normalizers, pre_tokenizers

TOKENIZERS_VERSION = "0.22.1"
OUTPUT = pathlib.Path(__file__).with_name("tables.inc")
CODE_POINTS = [c for c in range(0x110000) if not 0xD800 <= c < 0xE000]
HANGUL_SYLLABLES = range(0xAC00, 0xD7A4)
BLOCK, BLOCKS_PER_GROUP = 16, 32
# Bits of a property record, as properties.hpp names them.
SPACE, REMOVED, PUNCTUATION, CHINESE, NONSPACING_MARK, WORD, DECOMPOSES, LOWERS = (1 << i for i in range(8))


def bert_normalizer(**option):
    options = dict(clean_text=False, handle_chinese_chars=False, strip_accents=False, lowercase=False)
    return normalizers.BertNormalizer(**{**options, **option}).normalize_str


clean = bert_normalizer(clean_text=True)
space_chinese = bert_normalizer(handle_chinese_chars=True)
strip_accents = bert_normalizer(strip_accents=True)
lowercase = bert_normalizer(lowercase=True)
nfd = normalizers.NFD().normalize_str
split_words = pre_tokenizers.BertPreTokenizer().pre_tokenize_str


def probe_words():
    """Code points that count as part of a word beside an added token with `single_word`."""
    tokenizer = Tokenizer(models.WordPiece({"[UNK]": 0}, unk_token="[UNK]"))
    tokenizer.add_tokens([AddedToken("Q", single_word=True, normalized=False)])
    words = set()
    for first in range(0, len(CODE_POINTS), 20000):
        chunk = CODE_POINTS[first : first + 20000]
        encodings = tokenizer.encode_batch(["Q" + chr(c) for c in chunk])
        words.update(c for c, encoding in zip(chunk, encodings) if 1 not in encoding.ids)
    return words


def probe_flags():
    """{code point: bits}, {code point: NFD}, {code point: lower case}."""
    words, flags, decompositions, lowers = probe_words(), {}, {}, {}
    for c in CODE_POINTS:
        text, bits = chr(c), 0
        pieces = len(split_words("x" + text + "y"))
        bits |= {1: 0, 2: SPACE, 3: PUNCTUATION}[pieces]
        cleaned = clean(text)
        if cleaned == "":
            bits |= REMOVED
        else:
            assert cleaned == (" " if pieces == 2 else text), hex(c)
        spaced = space_chinese(text)
        if spaced != text:
            assert spaced == f" {text} ", hex(c)
            bits |= CHINESE
        decomposed, stripped = nfd(text), strip_accents(text)
        if decomposed != text:
            bits |= DECOMPOSES
            decompositions[c] = decomposed
        elif stripped != text:
            assert stripped == "", hex(c)
            bits |= NONSPACING_MARK
        if lowercase(text) != text:
            bits |= LOWERS
            lowers[c] = lowercase(text)
        if c in words:
            bits |= WORD
        flags[c] = bits
    for c, decomposed in decompositions.items():
        kept = "".join(x for x in decomposed if not flags[ord(x)] & NONSPACING_MARK)
        assert strip_accents(chr(c)) == kept, hex(c)
    return flags, decompositions, lowers


def probe_combining_ranks(decompositions):
    """{code point: rank}: marks that NFD reorders, numbered by their class; everything else has rank 0."""
    lowest, highest_common = "\u0334", "\u0301"  # one that moves before almost every mark, one that moves behind many

    def reorders(first, second):
        return nfd(first + second) == second + first

    classes = []
    for c in CODE_POINTS:
        text = chr(c)
        if c in decompositions or not (reorders(text, lowest) or reorders(highest_common, text) or text == lowest):
            continue
        low, high = 0, len(classes)
        while low < high:
            middle = (low + high) // 2
            other = classes[middle][0]
            if reorders(text, other):
                low = middle + 1
            elif reorders(other, text):
                high = middle
            else:
                classes[middle].append(text)
                break
        else:
            classes.insert(low, [text])
    return {ord(text): rank + 1 for rank, members in enumerate(classes) for text in members}


def check_order(ranks, decompositions):
    """The ranks predict the library's NFD on all pairs of marks and on random triples."""

    def predict(text):
        out, run = [], []
        for mark in "".join(decompositions.get(ord(x), x) for x in text):
            if ranks.get(ord(mark), 0) == 0:
                out += sorted(run, key=lambda m: ranks[ord(m)]) + [mark]
                run = []
            else:
                run.append(mark)
        return "".join(out + sorted(run, key=lambda m: ranks[ord(m)]))

    for first in ranks:
        for second in ranks:
            pair = chr(first) + chr(second)
            assert nfd(pair) == predict(pair), ascii(pair)
    marks = [chr(c) for c in ranks] + [chr(c) for c in decompositions if c not in HANGUL_SYLLABLES]
    generator = random.Random(1)
    for _ in range(300_000):
        triple = "".join(generator.choices(marks, k=3))
        assert nfd(triple) == predict(triple), ascii(triple)


def compress_properties(records):
    """Three-stage table of record numbers: groups[c >> 9], blocks[...], then one byte a code point."""

    def unique(rows):
        seen = {}
        return [seen.setdefault(tuple(row), len(seen)) for row in rows], list(seen)

    rows = [records[i : i + BLOCK] for i in range(0, len(records), BLOCK)]
    block_numbers, blocks = unique(rows)
    rows = [block_numbers[i : i + BLOCKS_PER_GROUP] for i in range(0, len(block_numbers), BLOCKS_PER_GROUP)]
    group_numbers, groups = unique(rows)
    return group_numbers, [x for g in groups for x in g], [x for b in blocks for x in b]


def lower_ranges(lowers):
    """(first, last, step, delta) over the code points with a one-character lower case."""
    ranges = []
    for c, lower in sorted(lowers.items()):
        if len(lower) != 1:
            continue
        delta = ord(lower) - c
        if ranges:
            first, last, step, known = ranges[-1]
            if known == delta and c - last in (1, 2) and (first == last or c - last == step):
                ranges[-1] = (first, c, c - last, delta)
                continue
        ranges.append((c, c, 1, delta))
    return ranges


def utf16(text):
    data = text.encode("utf-16-le")
    return [int.from_bytes(data[i : i + 2], "little") for i in range(0, len(data), 2)]


def pool_of(texts):
    """One UTF-16 pool that contains every text, and each text's (offset, length)."""
    pool, places = [], {}
    for text in sorted(set(texts), key=lambda t: (-len(utf16(t)), t)):
        units = utf16(text)
        size = len(units)
        place = next((i for i in range(len(pool) - size + 1) if pool[i : i + size] == units), len(pool))
        if place == len(pool):
            pool += units
        places[text] = (place, size)
    return pool, places


def array(kind, name, values):
    lines, line = [], "   "
    for value in values:
        item = f" {value},"
        if len(line) + len(item) > 118:
            lines.append(line)
            line = "   "
        line += item
    body = "\n".join(lines + [line])
    return f"const {kind} {name}[{len(values)}] = {{\n{body}\n}};\n"


def make_tables():
    flags, decompositions, lowers = probe_flags()
    for c in HANGUL_SYLLABLES:  # properties.cpp computes these
        index = c - HANGUL_SYLLABLES[0]
        jamo = [0x1100 + index // 588, 0x1161 + index % 588 // 28] + [0x11A7 + index % 28] * (index % 28 > 0)
        assert decompositions[c] == "".join(map(chr, jamo)), hex(c)
    ranks = probe_combining_ranks(decompositions)
    check_order(ranks, decompositions)

    numbers = {}
    records = [numbers.setdefault((flags.get(c, 0), ranks.get(c, 0)), len(numbers)) for c in range(0x110000)]
    groups, blocks, numbers_by_block = compress_properties(records)

    listed = {c: text for c, text in sorted(decompositions.items()) if c not in HANGUL_SYLLABLES}
    pool, places = pool_of(listed.values())
    assert len(pool) < 1 << 12 and max(size for _, size in places.values()) < 1 << 4
    planes = [sum(c < plane << 16 for c in listed) for plane in range(4)]
    assert planes[3] == len(listed)

    pairs = [(c, *map(ord, lower)) for c, lower in sorted(lowers.items()) if len(lower) != 1]
    assert all(len(pair) == 3 for pair in pairs)

    return "\n".join(
        [
            f"// Made by make_tables.py from tokenizers {TOKENIZERS_VERSION}; do not edit.\n",
            array("std::uint8_t", "property_groups", groups),
            array("std::uint16_t", "property_blocks", blocks),
            array("std::uint8_t", "property_numbers", numbers_by_block),
            array("Properties", "property_records", [f"{{{bits}, {rank}}}" for bits, rank in numbers]),
            "// Places in the two tables below where planes 0, 1, 2 begin, and the end.",
            array("std::uint16_t", "decomposition_planes", planes),
            "// Low 16 bits of the code points that decompose, sorted within each plane.",
            array("std::uint16_t", "decomposition_keys", [c & 0xFFFF for c in listed]),
            "// Offset in the pool << 4 | length, in UTF-16 units.",
            array("std::uint16_t", "decomposition_places", [places[t][0] << 4 | places[t][1] for t in listed.values()]),
            array("char16_t", "decomposition_pool", pool),
            "// {first, last, step, delta}",
            array("LowerRange", "lower_ranges", [f"{{{a}, {b}, {s}, {d}}}" for a, b, s, d in lower_ranges(lowers)]),
            "// {code point, its lower case's two code points}",
            array("LowerPair", "lower_pairs", [f"{{{c}, {a}, {b}}}" for c, a, b in pairs]),
        ]
    )


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with tables.inc instead of writing it")
    arguments = parser.parse_args()
    if tokenizers.__version__ != TOKENIZERS_VERSION:
        sys.exit(f"tokenizers {TOKENIZERS_VERSION} is needed, this is {tokenizers.__version__}")
    tables = make_tables()
    if not arguments.check:
        OUTPUT.write_text(tables)
    elif OUTPUT.read_text() != tables:
        sys.exit(f"{OUTPUT} is not what the library says: run make_tables.py")


if __name__ == "__main__":
    main()
