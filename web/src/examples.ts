import complaint from './examples/complaint.txt?raw';
import hotel from './examples/hotel.txt?raw';
import river from './examples/river.txt?raw';
import short from './examples/short.txt?raw';
import { opening } from './opening';

/** Texts to try, the one that the page opens with first. */
export const examples = [
  { name: 'a film that turns', text: opening.verdict.text },
  { name: 'a hotel, good and bad', text: hotel.trim() },
  { name: 'a complaint', text: complaint.trim() },
  { name: 'a sentence', text: short.trim() },
  { name: 'plain facts', text: river.trim() },
];
