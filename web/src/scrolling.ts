function scrollTo(box: HTMLElement, content: Element | Range): void {
  box.scrollTop += content.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
}

/** Scrolls a box whose paragraphs out of sight have guessed heights so that a part of its text stands a quarter down. */
export function scrollToText(box: HTMLElement, content: Element | Range): void {
  // This one must have its own height before, those in view get it by a frame later.
  const element = content instanceof Range ? content.startContainer.parentElement : content;
  const paragraph = element?.closest('p');
  if (paragraph) paragraph.style.contentVisibility = 'visible';
  scrollTo(box, content);
  requestAnimationFrame(() => {
    scrollTo(box, content);
    if (paragraph) paragraph.style.contentVisibility = '';
  });
}
