// Texts that a sentiment model has something to say of, from one to some hundred sentences; the same in every run.
import { randomNumbers } from '../evaluate/statistics.mjs';

const things = ['film', 'hotel', 'kettle', 'novel', 'concert', 'phone', 'garden', 'waiter', 'plot', 'music', 'ending'];
const praise = ['lovely', 'brilliant', 'moving', 'sturdy', 'funny', 'delicious', 'a delight', 'better than expected'];
const blame = ['dull', 'broken', 'clumsy', 'tedious', 'far too long', 'a waste of time', 'cold', 'badly made'];
const filler = ['We came on a Tuesday.', 'It rained.', 'My sister had seen it before.', 'There were two of us.'];

export function opinions(count, longest) {
  const random = randomNumbers(11);
  const pick = (list) => list[Math.floor(random() * list.length)];
  const sentence = (lean) => {
    if (random() < 0.3) return pick(filler);
    const said = pick(random() < lean ? praise : blame);
    return `The ${pick(things)} was ${random() < 0.2 ? 'not ' : ''}${said}.`;
  };
  return Array.from({ length: count }, () => {
    const lean = random();
    return Array.from({ length: Math.ceil(longest ** random()) }, () => sentence(lean)).join(' ');
  });
}
