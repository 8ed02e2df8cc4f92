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
  leader: 'Le processus {name} dirige pendant le mandat {term}.',
  leader_none:
    'Aucun processus ne suit la blockchain depuis la fin du mandat {term}. Le prochain qui entre en service commence aussitôt.',
  leader_read: 'Il a lu la blockchain {time}.',
  leader_reading: 'Il n’a pas encore lu la blockchain jusqu’au dernier bloc.',
  leader_watches: 'one: Il surveille {n} adresse. | other: Il surveille {n} adresses.',
  skipped: 'Portefeuille {account}, {at}\u00A0: les adresses {from} à {to} ont été sautées\u00A0: {reason}',
  skipped_one: 'Portefeuille {account}, {at}\u00A0: l’adresse {from} a été sautée\u00A0: {reason}',
  skipped_older_database:
    'la base de données était plus ancienne que le fichier des marques. Ce qui avait été attribué après sa copie ne l’est pas à nouveau.',
  skipped_failover: 'la base de données a basculé vers un réplica, auquel des commandes peuvent manquer.',
  skipped_mark: 'une autre passerelle ou base de données utilise le même portefeuille.',
  marks_missing:
    '{at}\u00A0: le fichier des marques de cette base de données manquait. Si la base est une copie plus ancienne, des adresses attribuées depuis peuvent l’être à nouveau. Sautez ces adresses avec {command}.',
};
