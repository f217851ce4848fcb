// Keeps everybody, Owners too, from deleting the vault until the lock is taken off. Keys are rotated nevertheless: a lock
// is no matter of a vault's secrets.

@description('Name of the vault.')
param vaultName string

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource lock 'Microsoft.Authorization/locks@2020-05-01' = {
  name: 'published-keys'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Nodes register with the secrets of this vault.'
  }
}
