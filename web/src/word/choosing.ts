import type { TextRange } from 'nystromformer';
import type { Attachment } from 'svelte/attachments';
import { mark, unmark } from '../highlights';
import { lastFrom } from '../ordered';
import { type Paragraph, rangeOf } from '../paragraphs';
import { scrollToText } from '../scrolling';
import { wordsIn } from './finding';

interface Choice {
  /** The sentences of the text; the pane has an element with `data-sentence` for each. */
  sentences: readonly Paragraph[];
  /** The place in the text where arrows begin. */
  from: number;
  /** Called with a word and the number of its sentence. */
  choose: (word: TextRange, sentence: number) => void;
  /** Called with what a screen reader should say of the word that the arrows have come to. */
  say: (words: string) => void;
}

/** A word by its sentence and its number there. */
interface Place {
  sentence: number;
  word: number;
}

/** The next word in a direction, or null at either end of the text. */
function step(sentences: readonly Paragraph[], { sentence, word }: Place, by: 1 | -1): Place | null {
  let next = word + by;
  for (let i = sentence; i in sentences; i += by) {
    const count = wordsIn(sentences[i]).length;
    if (i !== sentence) next = by > 0 ? 0 : count - 1;
    if (next >= 0 && next < count) return { sentence: i, word: next };
  }
  return null;
}

function rangeIn({ firstChild }: Element, sentence: Paragraph, word: TextRange): Range {
  return rangeOf([sentence], firstChild ? [firstChild] : [], word);
}

/** The first word that begins at this place of the text or after it. */
function firstFrom(sentences: readonly Paragraph[], from: number): Place | null {
  const sentence = lastFrom(sentences, ({ start }) => start, from);
  const words = wordsIn(sentences[sentence]);
  return step(sentences, { sentence, word: words.filter(({ start }) => start < from).length - 1 }, 1);
}

/** Lets words be chosen in a pane of the text: by a click, or with the arrows to the left and right and Enter. */
export function choosingWords(choice: () => Choice): Attachment<HTMLElement> {
  return (pane) => {
    let place: Place | null = null;

    const wordAt = ({ sentence, word }: Place) => wordsIn(choice().sentences[sentence])[word];

    function under({ clientX: x, clientY: y, target }: MouseEvent): Place | null {
      if (!(target instanceof HTMLElement) || target.dataset.sentence === undefined) return null;
      const sentence = Number(target.dataset.sentence);
      const word = wordsIn(choice().sentences[sentence]).findIndex((candidate) =>
        Array.from(rangeIn(target, choice().sentences[sentence], candidate).getClientRects()).some(
          ({ left, right, top, bottom }) => x >= left && x < right && y >= top && y < bottom,
        ),
      );
      return word < 0 ? null : { sentence, word };
    }

    function move(by: 1 | -1) {
      const { sentences, from, say } = choice();
      place = (place ? step(sentences, place, by) : firstFrom(sentences, from)) ?? place;
      const element = place && pane.querySelector(`[data-sentence="${place.sentence}"]`);
      if (!place || !element) return;
      const range = rangeIn(element, sentences[place.sentence], wordAt(place));
      mark('cursor', [range], 2);
      const { top, bottom } = range.getBoundingClientRect();
      const box = pane.getBoundingClientRect();
      if (top < box.top || bottom > box.bottom) scrollToText(pane, range);
      say(`“${range}”. Enter shows how it was read.`);
    }

    function leave() {
      place = null;
      unmark('cursor');
    }

    function onclick(event: MouseEvent) {
      // Whoever selects a part of the text to copy it has not chosen a word.
      if (getSelection()?.isCollapsed === false) return;
      place = under(event);
      if (place) choice().choose(wordAt(place), place.sentence);
    }

    function onkeydown(event: KeyboardEvent) {
      const { key, altKey, ctrlKey, metaKey, shiftKey } = event;
      if (altKey || ctrlKey || metaKey || shiftKey) return;
      if (key === 'ArrowRight') move(1);
      else if (key === 'ArrowLeft') move(-1);
      else if (key === 'Enter' && place) choice().choose(wordAt(place), place.sentence);
      else return;
      event.preventDefault();
    }

    pane.addEventListener('click', onclick);
    pane.addEventListener('keydown', onkeydown);
    pane.addEventListener('blur', leave);
    return () => {
      pane.removeEventListener('click', onclick);
      pane.removeEventListener('keydown', onkeydown);
      pane.removeEventListener('blur', leave);
      leave();
    };
  };
}
