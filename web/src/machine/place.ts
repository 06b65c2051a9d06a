/** Where somebody is in the five steps. It stands in the fragment of the page's address, beside a text that is shared. */
export interface Place {
  /** From 1. */
  step: number;
  /** The head that was chosen here, counted from 0; null as long as it is the one that the heatmap shows. */
  head: { layer: number; head: number } | null;
  /** How many landmarks the example is drawn with. */
  landmarks: number;
  /** Whether the example is the start of one's own text. */
  own: boolean;
}

export const steps = 5;
export const firstPlace: Place = { step: 1, head: null, landmarks: 10, own: false };

/** A whole number of the fragment, or null. */
function whole(value: string | null, least: number, most: number): number | null {
  const number = Number(value);
  return value !== null && Number.isInteger(number) && number >= least && number <= most ? number : null;
}

/** What a fragment says; null if it does not speak of the steps. */
export function placeOf(fragment: string): Place | null {
  const fields = new URLSearchParams(fragment.slice(1));
  const step = whole(fields.get('step'), 1, steps);
  if (step === null) return null;
  const layer = whole(fields.get('layer'), 1, 1000);
  const head = whole(fields.get('head'), 1, 1000);
  return {
    step,
    head: layer === null || head === null ? null : { layer: layer - 1, head: head - 1 },
    landmarks: whole(fields.get('landmarks'), 1, 60) ?? firstPlace.landmarks,
    own: fields.get('example') === 'own',
  };
}

/** The fragment that says it, with the text that `fragment` holds. */
export function fragmentOf({ step, head, landmarks, own }: Place, fragment: string): string {
  const text = fragment
    .slice(1)
    .split('&')
    .filter((field) => field.startsWith('text='));
  const chosen = head ? [`layer=${head.layer + 1}`, `head=${head.head + 1}`] : [];
  const fields = [...text, `step=${step}`, ...chosen, `landmarks=${landmarks}`, ...(own ? ['example=own'] : [])];
  return `#${fields.join('&')}`;
}
