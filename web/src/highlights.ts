// Without highlights, which Firefox has from 140 on, the text is still there to read.
const canMark = 'highlights' in CSS;

/** Marks parts of the page's text under a name that style sheets know; where names meet, the higher priority shows. */
export function mark(name: string, ranges: Iterable<AbstractRange>, priority = 0): void {
  if (!canMark) return;
  const highlight = new Highlight();
  for (const range of ranges) highlight.add(range);
  highlight.priority = priority;
  CSS.highlights.set(name, highlight);
}

export function unmark(name: string): void {
  if (canMark) CSS.highlights.delete(name);
}
