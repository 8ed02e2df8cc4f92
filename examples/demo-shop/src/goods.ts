export interface Good {
  id: string;
  name: string;
  description: string;
  /** In EUR, which the POS of this shop must have as its currency. A decimal string: money never goes through a float. */
  price: string;
}

export const GOODS: readonly Good[] = [
  { id: 'coffee', name: 'Flat white', description: 'Two shots and steamed milk', price: '3.50' },
  { id: 'cake', name: 'Almond cake', description: 'One generous slice, baked today', price: '4.80' },
  { id: 'beans', name: 'House beans', description: '250 g, roasted on Monday', price: '12.00' },
  { id: 'mug', name: 'Enamel mug', description: 'For the mountains, or the desk', price: '14.50' },
];
