/** Scrolls a box so that what it holds stands a quarter down. */
export function scrollTo(box: HTMLElement, content: Element | Range): void {
  box.scrollTop += content.getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 4;
}
