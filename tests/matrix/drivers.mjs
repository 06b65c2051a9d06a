// Three browsers behind one function each: it starts one, hands a tab to `use` and gives what that gives. A tab opens an
// address and evaluates an expression in its page; where the page is not there yet that may fail.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium as playwright } from '@playwright/test';

const patience = 60_000;

/** What an expression of the page gives as JSON, once it does. */
export async function answerOf(tab, expression) {
  const end = performance.now() + patience;
  for (;;) {
    const answer = await tab.evaluate(expression);
    if (answer) return JSON.parse(answer);
    if (performance.now() > end) throw new Error('the page gave no answer within a minute');
    await sleep(100);
  }
}

/** `extension`: the folder of one to load. */
export async function chromium(use, { extension } = {}) {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const args = ['--no-sandbox'];
  if (extension) args.push(`--disable-extensions-except=${extension}`, `--load-extension=${extension}`);
  const context = await playwright.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM,
    ignoreDefaultArgs: extension ? ['--disable-extensions'] : [],
    args,
  });
  try {
    const page = await context.newPage();
    return await use({
      open: (address) => page.goto(address),
      evaluate: (expression) => page.evaluate(expression),
    });
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

/** By WebDriver BiDi, which Firefox speaks itself. */
export async function firefox(use) {
  const profile = mkdtempSync(join(tmpdir(), 'firefox-'));
  const browser = spawn('firefox-esr', ['--headless', '--remote-debugging-port=0', '--profile', profile]);
  try {
    const [, server] = await said(browser.stderr, /WebDriver BiDi listening on (ws:\S+)/);
    const call = await bidi(`${server}/session`);
    await call('session.new', { capabilities: {} });
    const { contexts } = await call('browsingContext.getTree', {});
    const { context } = contexts[0];
    return await use({
      open: (url) => call('browsingContext.navigate', { context, url, wait: 'complete' }),
      evaluate: async (expression) => {
        const { result } = await call('script.evaluate', { expression, target: { context }, awaitPromise: false });
        return result.value;
      },
    });
  } finally {
    await ended(browser);
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function bidi(server) {
  const socket = new WebSocket(server);
  await new Promise((resolve, reject) => Object.assign(socket, { onopen: resolve, onerror: reject }));
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result, message } = JSON.parse(data);
    const { resolve, reject } = waiting.get(id) ?? {};
    if (result) resolve?.(result);
    else reject?.(new Error(message));
  };
  let last = 0;
  return (method, params) =>
    new Promise((resolve, reject) => {
      last += 1;
      waiting.set(last, { resolve, reject });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
}

/** By WebKitWebDriver. It wants a display. */
export async function webkit(use) {
  const display = spawn('Xvfb', ['-displayfd', '1'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const [, number] = await said(display.stdout, /(\d+)/);
  const port = 4500;
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    env: { ...process.env, DISPLAY: `:${number}`, WEBKIT_DISABLE_COMPOSITING_MODE: '1' },
    stdio: 'ignore',
  });
  const call = async (method, path, body) => {
    const response = await fetch(`http://127.0.0.1:${port}/session${path}`, {
      method,
      body: body && JSON.stringify(body),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(value.message);
    return value;
  };
  let session;
  try {
    session = await retried(() => call('POST', '', { capabilities: {} }));
    const { sessionId } = session;
    return await use({
      open: (url) => call('POST', `/${sessionId}/url`, { url }),
      evaluate: (expression) =>
        call('POST', `/${sessionId}/execute/sync`, { script: `return ${expression}`, args: [] }),
    });
  } finally {
    if (session) await call('DELETE', `/${session.sessionId}`);
    await ended(driver);
    await ended(display);
  }
}

async function retried(attempt) {
  for (let left = 50; ; --left) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await sleep(200);
    }
  }
}

/** The match of a pattern in what a process writes. */
function said(stream, pattern) {
  return new Promise((resolve, reject) => {
    let text = '';
    stream.on('data', (part) => {
      text += part;
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    stream.on('end', () => reject(new Error(`it ended and said: ${text}`)));
  });
}

function ended(child) {
  if (child.exitCode !== null) return;
  child.kill();
  return new Promise((resolve) => child.once('exit', resolve));
}
