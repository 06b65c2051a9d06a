import {
  type Attention,
  type CallOptions,
  type Classification,
  type Classifier,
  type Explanation,
  type Info,
  type LoadProgress,
  load,
  type ManyOptions,
} from 'nystromformer';
import { type Problem, problemOf } from './words';

/** The network's way to this device. */
export type Download =
  | { state: 'arriving'; progress: LoadProgress | null }
  | { state: 'ready'; info: Info }
  | { state: 'failed'; problem: Problem };

/** A text, what the network said of it, and where in it that came from. */
export interface Verdict {
  text: string;
  result: Classification;
  explanation: Explanation;
  /** Null if it was read when the page was built. */
  milliseconds: number | null;
}

/** Something asked of the network. */
export type Task<T> =
  | { state: 'idle' | 'stopped' }
  | { state: 'running'; fraction: number }
  | { state: 'done'; value: T }
  | { state: 'failed'; problem: Problem };

/** The head that is shown first: in the shipped model it looks at its neighbours and at what stands out. */
const openingHead = { layer: 4, head: 10 };

/** What the page knows: the network, the verdict on one text, and one head's attention to it. */
export class Session {
  download = $state.raw<Download>({ state: 'arriving', progress: null });
  verdict = $state.raw<Task<Verdict>>({ state: 'idle' });
  look = $state.raw<Task<Attention>>({ state: 'idle' });
  /** The last attention that arrived for this verdict; it stays in view while another head is being read. */
  attention = $state.raw<Attention | null>(null);
  layer = $state(0);
  head = $state(0);

  #classifier: Promise<Classifier | null> = Promise.resolve(null);
  #work = new AbortController();

  constructor() {
    this.fetchNetwork();
  }

  /** What is known of the network; null before it is here. */
  get info(): Info | null {
    return this.download.state === 'ready' ? this.download.info : null;
  }

  /** What was read of the text; null as long as there is nothing, and of a blank one. */
  get reading(): Verdict | null {
    return this.verdict.state === 'done' && !this.verdict.value.result.empty ? this.verdict.value : null;
  }

  /** Fetches the network, again if it failed before. */
  fetchNetwork(): void {
    this.download = { state: 'arriving', progress: null };
    this.#classifier = this.#load();
  }

  async #load(): Promise<Classifier | null> {
    try {
      const classifier = await load({
        onProgress: (progress) => {
          this.download = { state: 'arriving', progress };
        },
      });
      const info = await classifier.info();
      this.layer = Math.min(openingHead.layer, info.layers - 1);
      this.head = Math.min(openingHead.head, info.heads - 1);
      this.download = { state: 'ready', info };
      return classifier;
    } catch (error) {
      this.download = { state: 'failed', problem: problemOf(error) };
      return null;
    }
  }

  /** Reads a text: its verdict first, then how the chosen head read it. */
  async classify(text: string): Promise<void> {
    const work = this.#restart();
    this.attention = null;
    this.look = { state: 'idle' };
    const verdict = await this.run<Verdict>(
      work,
      (task) => {
        this.verdict = task;
      },
      async (classifier, options) => {
        const start = performance.now();
        const explanation = await classifier.explain(text, options);
        return { text, result: explanation.classification, explanation, milliseconds: performance.now() - start };
      },
    );
    if (verdict && !verdict.result.empty) await this.#trace(work, text);
  }

  /** Shows another head's attention to the text of the verdict. */
  async choose(layer: number, head: number): Promise<void> {
    this.layer = layer;
    this.head = head;
    if (this.verdict.state === 'done') await this.#trace(this.#restart(), this.verdict.value.text);
  }

  /** Reads any number of texts with workers of their own; none of them if the network did not come. */
  async *classifyMany(texts: Iterable<string>, options: ManyOptions): AsyncGenerator<Classification> {
    const classifier = await this.#classifier;
    if (classifier) yield* classifier.classifyMany(texts, options);
  }

  /** Forgets the verdict, and stops what runs. */
  forget(): void {
    this.#restart();
    this.verdict = { state: 'idle' };
    this.look = { state: 'idle' };
    this.attention = null;
  }

  /** Stops what runs; what is already there stays. */
  stop(): void {
    this.#work.abort();
    if (this.verdict.state === 'running') this.verdict = { state: 'stopped' };
    if (this.look.state === 'running') this.look = { state: 'stopped' };
  }

  #restart(): AbortController {
    this.#work.abort();
    this.#work = new AbortController();
    return this.#work;
  }

  async #trace(work: AbortController, text: string): Promise<void> {
    const { layer, head } = this;
    const attention = await this.run<Attention>(
      work,
      (task) => {
        this.look = task;
      },
      (classifier, options) => classifier.attention(text, { layer, head, ...options }),
    );
    if (attention) this.attention = attention;
  }

  /** Awaits the network and then the call, showing how far it is; null if it came to nothing. */
  async run<T>(
    work: AbortController,
    show: (task: Task<T>) => void,
    call: (classifier: Classifier, options: CallOptions) => Promise<T>,
  ): Promise<T | null> {
    const { signal } = work;
    const showUnlessStopped = (task: Task<T>) => {
      if (!signal.aborted) show(task);
    };
    showUnlessStopped({ state: 'running', fraction: 0 });
    const classifier = await this.#classifier;
    if (signal.aborted) return null;
    if (!classifier) {
      show({ state: 'idle' });
      return null;
    }
    const onProgress = ({ fraction }: { fraction: number }) => showUnlessStopped({ state: 'running', fraction });
    try {
      const value = await call(classifier, { signal, onProgress });
      if (signal.aborted) return null;
      show({ state: 'done', value });
      return value;
    } catch (error) {
      showUnlessStopped({ state: 'failed', problem: problemOf(error) });
      return null;
    }
  }
}
