/** Takes the focus of the buttons in it, which go away once they are pressed, so that the next Tab goes on from here. */
export function keepFocus(element: HTMLElement): () => void {
  element.tabIndex = -1;
  const take = ({ target }: Event) => {
    if (target instanceof HTMLButtonElement) element.focus();
  };
  element.addEventListener('click', take);
  return () => element.removeEventListener('click', take);
}
