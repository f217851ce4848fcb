/** The made-up Entra tenant that every challenge names. */
export const TENANT = "00000000-0000-0000-0000-00000000fa4e";
