import type { FrameText } from './en.ts';

export const es: Readonly<Record<FrameText, string>> = {
  log_out: 'Cerrar sesión',
  navigation: 'Secciones del panel',
  sandbox: 'Entorno de pruebas',
  skip: 'Ir al contenido',
  nav_orders: 'Pedidos',
  nav_links: 'Enlaces de pago',
  nav_callbacks: 'Callbacks',
  nav_reports: 'Informes',
  nav_settings: 'Ajustes',
  broken_seals:
    'Alarma: hay filas de la base de datos que deciden adónde va el dinero y no son auténticas ({count}). Lo que depende de ellas no se vende. Ejecute webpos doctor en la máquina de la pasarela.',
  nav_notifications: 'Notificaciones',
  nav_people: 'Personas',
  nav_audit: 'Auditoría',
  nav_refunds: 'Devoluciones',
  missing: 'No encontrado',
  missing_more: 'Esta página no existe, o usted no puede verla.',
  refused: 'No permitido',
  refused_more: 'Su rol no lo permite. Pregunte a un propietario de esta pasarela.',
  to_start: 'A la página de inicio',
  leader: 'El proceso {name} dirige en el mandato {term}.',
  leader_none:
    'Ningún proceso sigue la cadena de bloques desde que terminó el mandato {term}. El próximo que entre en servicio empezará de inmediato.',
  leader_read: 'Ha leído la cadena de bloques {time}.',
  leader_reading: 'Aún no ha leído la cadena de bloques hasta el último bloque.',
  leader_watches: 'one: Vigila {n} dirección. | other: Vigila {n} direcciones.',
  skipped: 'Cartera {account}, {at}: se saltaron las direcciones {from} a {to}: {reason}',
  skipped_one: 'Cartera {account}, {at}: se saltó la dirección {from}: {reason}',
  skipped_older_database:
    'la base de datos era más antigua que el archivo de marcas. Lo que se asignó después de copiarla no se asigna de nuevo.',
  skipped_failover: 'la base de datos pasó a una réplica, que puede haber perdido pedidos.',
  skipped_mark: 'otra pasarela o base de datos usa la misma cartera.',
  marks_missing:
    '{at}: faltaba el archivo de marcas de esta base de datos. Si la base de datos es una copia más antigua, las direcciones asignadas desde entonces pueden asignarse de nuevo. Sáltelas con {command}.',
};
