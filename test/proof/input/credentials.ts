/** Stands in every made-up credential below: where it is in a message, a credential was shown. */
export const CANARY = /canary/i;

/** Credentials as people paste them, each of which could end up in a wrong field. */
export const credentials: readonly string[] = [
  "IR@01234567-89ab-4cde-8f01-23456789abcd@contoso@ServiceEndpoint=contoso.westeurope.datafactory.azure.net@FAKEcanary0/aGk+c2VjcmV0IG9mIHRoaXJ0eSB0d28gYnl0ZXM=",
  "IR@01234567-89ab-4cde-8f01-23456789abcd@contoso@FAKEcanary",
  "DefaultEndpointsProtocol=https;AccountName=account;AccountKey=FAKEcanary/bWFkZSB1cA==;EndpointSuffix=core.windows.net",
  "https://account.blob.core.windows.net/container?sv=2026-01-01&sr=c&sp=rl&sig=FAKEcanary%3D",
  "?sv=2026-01-01&ss=b&srt=sco&sp=rl&sig=FAKEcanary%3D",
  "BlobEndpoint=https://account.blob.core.windows.net;SharedAccessSignature=sv=2026-01-01&sig=FAKEcanary",
  "Endpoint=sb://contoso.servicebus.windows.net/;SharedAccessKeyName=a;SharedAccessKey=FAKEcanary=",
  "https://user:FAKEcanary@contoso.vault.azure.net",
];
