import type { WalletText } from './en.ts';

export const fr: Readonly<Record<WalletText, string>> = {
  title: 'Portefeuilles',
  more: 'Une commande reçoit une adresse du portefeuille avec lequel son point de vente a été créé. Personne ne peut le changer dans le navigateur\u00A0: seule la commande webpos pos bind le peut, sur la machine de la passerelle.',
  account: 'Portefeuille',
  next: 'Prochaine adresse',
  unused: 'Inutilisées à la suite',
  state: 'Authentique',
  sound: 'oui',
  broken: 'NON\u00A0: rien n’est vendu',
  none: 'Il n’y a pas encore de portefeuille.',
  add: 'Ajouter un portefeuille',
  add_more:
    'Collez la clé publique du compte du portefeuille, ou son descripteur. Ne saisissez jamais de clé privée ni de mots de récupération.',
  name: 'Nom',
  key: 'Clé publique ou descripteur',
  first_index: 'Indice de la première adresse',
  first_index_more:
    'Supérieur à 0 seulement si le portefeuille a déjà servi\u00A0: les adresses précédentes ne sont jamais attribuées.',
  check: 'Afficher les premières adresses',
  compare: 'Comparer les adresses',
  compare_more:
    'Ouvrez votre propre portefeuille et comparez ses premières adresses de réception à celles-ci. Si l’une diffère, n’ajoutez pas ce portefeuille. Rien n’a encore été enregistré.',
  index: 'Indice',
  address: 'Adresse',
  confirm: 'Ajouter ce portefeuille',
  matches: 'J’ai comparé les adresses à celles de mon propre portefeuille, et elles sont identiques',
  back: 'Retour',
  added: 'Le portefeuille a été ajouté. Les points de vente l’utilisent dès que webpos pos create ou webpos pos bind le désigne.',
  fault: 'Refusé\u00A0: {why}',
  fault_private_key:
    'Cela ressemble à une clé privée ou à des mots de récupération. WebPOS n’en a jamais besoin\u00A0: saisissez la clé publique du compte. Considérez comme volée une clé privée saisie sur une page web, et déplacez ses bitcoins.',
  fault_syntax:
    'Ce n’est ni une clé publique ni un descripteur. Copiez à nouveau le texte depuis votre portefeuille, sans guillemets et sans rien autour.',
  fault_checksum:
    'La somme de contrôle du descripteur ne correspond pas à son texte. Copiez-le à nouveau depuis votre portefeuille.',
  fault_extended_key:
    'Cette clé publique est abîmée\u00A0: un caractère est peut-être faux ou absent. Copiez-la à nouveau depuis votre portefeuille.',
  fault_not_account_key:
    'Ce n’est pas la clé d’un compte. Exportez depuis votre portefeuille la clé publique du compte, ou son descripteur.',
  fault_network: 'Cette clé appartient à un autre réseau bitcoin que la passerelle.',
  fault_path:
    'Le chemin du descripteur n’est pas utilisable. Exportez depuis votre portefeuille le descripteur des adresses de réception.',
  fault_unsupported: 'WebPOS ne prend pas en charge ce type de portefeuille.',
  fault_unusual_path:
    'Votre propre portefeuille ne trouvera peut-être pas les paiements sur ce chemin. S’il est correct, webpos account create --accept-unusual-path l’ajoute, sur la machine de la passerelle.',
  fault_known: 'Ce portefeuille a déjà été ajouté.',
  fault_name: 'Saisissez un nom sur une ligne, de {max} caractères au plus.',
  fault_first_index: 'Saisissez un nombre entier de 0 à {max}.',
  fault_other: 'Le portefeuille n’a pas pu être ajouté.',
  fault_detail: 'Détails',
  secrets: 'Secrets',
  secrets_more:
    'Une boutique s’identifie avec son secret, qui signe aussi les callbacks. Pendant une rotation, les deux secrets sont valables, un jour au plus.',
  pos: 'Point de vente',
  secret_state: 'Secret',
  one_secret: 'un secret',
  two_until: 'deux secrets, jusqu’à {time}',
  rotate: 'Commencer une rotation',
  rotated: 'Le nouveau secret',
  rotated_more:
    'Donnez-le maintenant à la boutique\u00A0: il ne sera plus affiché. L’ancien reste valable jusqu’à la fin de la rotation, ou jusqu’à {time}.',
  secret: 'Secret',
  webhook_secret: 'Secret Standard Webhooks',
  complete: 'Terminer la rotation',
  complete_more: 'La boutique utilise le nouveau secret\u00A0: révoquer l’ancien',
  cancel: 'Révoquer le nouveau secret',
  done: 'C’est fait.',
};
