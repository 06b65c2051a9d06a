/**
 * Resolves in a later task, so that timers, messages and painting get their turn before. Node, Deno and Bun have
 * setImmediate for it; there a message port would deliver up to a thousand messages before it lets a timer through.
 */
export const macrotask: () => Promise<void> =
  typeof setImmediate === 'function' ? () => new Promise((resolve) => setImmediate(resolve)) : messagePortTask();

function messagePortTask(): () => Promise<void> {
  let waiting: (() => void)[] = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const resolved = waiting;
    waiting = [];
    for (const resolve of resolved) resolve();
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
