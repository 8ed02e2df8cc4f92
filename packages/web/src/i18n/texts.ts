/** The texts of a subject that has its own, apart from those of the checkout page. */
export type LanguageTag = 'en' | 'it' | 'de' | 'fr' | 'es' | 'pt' | 'ja' | 'ar';

/** The texts in every language. Names in braces are filled in; all languages have the same keys and names. */
export type Texts<Key extends string> = Readonly<Record<LanguageTag, Readonly<Record<Key, string>>>>;
