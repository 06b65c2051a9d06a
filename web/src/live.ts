/** aria-live of what shows an answer or trouble: trouble is an alert itself, and would be said twice. */
export const liveUnless = (trouble: boolean): 'off' | 'polite' => (trouble ? 'off' : 'polite');
