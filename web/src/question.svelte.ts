import type { CallOptions, Classifier } from 'nystromformer';
import type { Session, Task } from './session.svelte';

/**
 * Asks a question, and the next one as soon as there is another; stops it when the component goes. What the question is about
 * must be read when it is made, not when it is asked, that there be another question when that changes.
 */
export function askAlways(question: () => Question<unknown> | null): void {
  $effect(() => {
    const asked = question();
    asked?.ask();
    return () => asked?.stop();
  });
}

/** Something asked of the network, which can be stopped and asked again. */
export class Question<T> {
  task = $state.raw<Task<T>>({ state: 'idle' });
  readonly #session: Session;
  readonly #call: (classifier: Classifier, options: CallOptions) => Promise<T>;
  #work = new AbortController();

  constructor(session: Session, call: (classifier: Classifier, options: CallOptions) => Promise<T>) {
    this.#session = session;
    this.#call = call;
  }

  readonly ask = (): void => {
    this.#work.abort();
    this.#work = new AbortController();
    const show = (task: Task<T>) => {
      this.task = task;
    };
    void this.#session.run(this.#work, show, this.#call);
  };

  readonly stop = (): void => {
    this.#work.abort();
    if (this.task.state === 'running') this.task = { state: 'stopped' };
  };
}
