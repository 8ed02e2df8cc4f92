import type { FrameText } from './en.ts';

export const fr: Readonly<Record<FrameText, string>> = {
  log_out: 'Se déconnecter',
  navigation: 'Rubriques du panneau',
  sandbox: 'Bac à sable',
  skip: 'Aller au contenu',
  nav_orders: 'Commandes',
  nav_links: 'Liens de paiement',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Rapports',
  nav_settings: 'Réglages',
  broken_seals:
    'Alerte\u00A0: des lignes de la base de données qui décident de la destination de l’argent ne sont pas authentiques ({count}). Ce qui en dépend n’est pas vendu. Exécutez webpos doctor sur la machine de la passerelle.',
  nav_notifications: 'Notifications',
  nav_people: 'Personnes',
  nav_audit: 'Journal d’audit',
  nav_refunds: 'Remboursements',
  missing: 'Introuvable',
  missing_more: 'Cette page n’existe pas, ou vous n’avez pas le droit de la voir.',
  refused: 'Non autorisé',
  refused_more: 'Votre rôle ne le permet pas. Adressez-vous à un propriétaire de cette passerelle.',
  to_start: 'Vers la page d’accueil',
};
