// What a strict platform asks for and a small one does not pay for: all of it is off until it is asked for.

import { tagMap } from 'types.bicep'

@export()
@sealed()
@description('What is asked for beyond the defaults. docs/deploy.md says what each costs and needs.')
type hardeningOptions = {
  @description('A lock against deleting the vault that this template makes.')
  lockVault: bool?

  @description('Plan and storage spread over the zones of the region.')
  zoneRedundant: bool?

  @description('Storage encrypts twice. Only a new account can.')
  infrastructureEncryption: bool?

  @description('Days for which deleted blobs and containers can be restored.')
  @minValue(1)
  @maxValue(365)
  softDeleteDays: int?

  @description('Logs are taken by an Azure Monitor private link scope only, which you have in the network.')
  privateLogIngestion: bool?

  @description('Alerts on the audit log of the vault that this template makes: refused reads, deletions, writers other than the app.')
  vaultAlerts: bool?
}

@export()
@sealed()
@description('Tags of one resource alone, such as that by which a policy passes over what does not apply to it.')
type exemptions = {
  @description('Of the storage account.')
  storage: tagMap?

  @description('Of the vault.')
  vault: tagMap?

  @description('Of the function app and its plan.')
  app: tagMap?
}

@description('What is asked for and cannot be had.')
func refusals(hardening hardeningOptions, makesVault bool, hasNetwork bool) string[] =>
  concat(
    (hardening.?lockVault ?? false) && !makesVault
      ? ['lockVault: every runtime has an existing vault, so that there is none to lock']
      : [],
    (hardening.?vaultAlerts ?? false) && !makesVault
      ? ['vaultAlerts: every runtime has an existing vault, and its audit log is its owner\'s']
      : [],
    (hardening.?privateLogIngestion ?? false) && !hasNetwork
      ? [
          'privateLogIngestion: without a network the app reaches no private link scope, and every alert would be blind: set networking, too'
        ]
      : []
  )

@export()
@description('The parameter `hardening` as it is, when there is something that each of it can protect.')
func checkedHardening(hardening hardeningOptions, makesVault bool, hasNetwork bool) hardeningOptions =>
  empty(refusals(hardening, makesVault, hasNetwork))
    ? hardening
    : fail('hardening.${join(refusals(hardening, makesVault, hasNetwork), '; ')}')
