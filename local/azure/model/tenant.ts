/** The made-up Entra tenant that every challenge names. */
export const TENANT = "00000000-0000-0000-0000-00000000fa4e";

/** The client id and object id of the system-assigned identity. */
export const PRINCIPAL = "00000000-0000-0000-0000-000000000001";
