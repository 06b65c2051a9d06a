/** Scrolls a box so that what it holds stands a quarter down. */
export function scrollTo(box: HTMLElement, content: Element | Range): void {
  box.scrollTop += content.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
}

/** The same for a part of the text in a box whose paragraphs out of sight have guessed heights. */
export function scrollToText(box: HTMLElement, range: Range): void {
  // This one must have its own height before, those in view get it by a frame later.
  const paragraph = range.startContainer.parentElement?.closest('p');
  if (paragraph) paragraph.style.contentVisibility = 'visible';
  scrollTo(box, range);
  requestAnimationFrame(() => scrollTo(box, range));
}
