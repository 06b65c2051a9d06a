import type { Model, Result } from 'nystrom-bindings';
import { toClassification } from './classify-job.js';
import type { Core } from './core.js';
import type { Calls } from './protocol.js';
import { sentencesOf } from './sentences.js';
import { TextJob, toTokens } from './text-job.js';
import type { EvidenceSpan, Explanation, TokenEvidence } from './types.js';

/** Keeps how the tokens move the logit. */
export class ExplainJob extends TextJob<Explanation> {
  constructor(core: Core, model: Model, maxTokens: number, { text }: Calls['explain']['arguments']) {
    super(core, model, maxTokens, text, (run, units, lengths) => run.beginExplanation(units, lengths));
  }

  result(): Explanation {
    return this.core.use(() => {
      const { bias, ids, spans, evidence } = this.run.takeExplanation();
      const classification = toClassification(this.run.results()[0] as Result, this.model.info().labels);
      const tokens = toTokens(this.model, this.text, ids, spans).map((token, index) => ({
        ...token,
        evidence: evidence[index] as number,
      }));
      return { classification, bias, logit: classification.logit, tokens, sentences: toSentences(this.text, tokens) };
    });
  }
}

/** The sentences that were read, each with its tokens' evidence; a token belongs to the sentence in which it starts. */
function toSentences(text: string, tokens: readonly TokenEvidence[]): EvidenceSpan[] {
  const words = tokens.filter(({ special }) => !special);
  let next = 0;
  const sentences: EvidenceSpan[] = [];
  for (const { start, end } of sentencesOf(text.slice(0, words.at(-1)?.end ?? 0))) {
    const first = next;
    let evidence = 0;
    for (; next < words.length && (words[next] as TokenEvidence).start < end; ++next)
      evidence += (words[next] as TokenEvidence).evidence;
    sentences.push({ text: text.slice(start, end), start, end, tokens: next - first, evidence });
  }
  return sentences;
}
