// Sentences whose verdict hangs on a negation, about things that films are not made of.

const nouns = [
  'kettle',
  'ferry',
  'notary',
  'umbrella',
  'staircase',
  'beekeeper',
  'harbour',
  'tram',
  'quilt',
  'vineyard',
];

const templates = [
  ['The {noun} was not {good}.', 0],
  ['I did not find the {noun} {good}.', 0],
  ['There is nothing {good} about the {noun}.', 0],
  ['Nobody would call this {noun} {good}.', 0],
  ['The {noun} is anything but {good}.', 0],
  ['The {noun} was not {bad}.', 1],
  ['There was nothing {bad} about the {noun}.', 1],
  ['I never found the {noun} {bad}.', 1],
  ['Not once was the {noun} {bad}.', 1],
  ['The {noun} is anything but {bad}.', 1],
];

const words = { good: ['dependable', 'charming'], bad: ['shabby', 'tedious'] };

/** 200 of them. */
export function negations() {
  return templates.flatMap(([template, label]) =>
    nouns.flatMap((noun) =>
      words[label === 0 ? 'good' : 'bad'].map((word) => ({
        text: template.replace('{noun}', noun).replace(/\{(good|bad)\}/, word),
        label,
      })),
    ),
  );
}
