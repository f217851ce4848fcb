// From the other parameters of main.bicep to what the template works with. A wrong value stops the deployment before
// anything is deployed.

import { isGuid, isHyphenated } from 'names.bicep'
import { completedRuntime, policy, toSetting } from 'runtimes.bicep'
import { cloud, entraAuthentication, existingRoles, rotationSettings, schedule } from 'types.bicep'

@export()
@description('The parameter `name` as it is, when every resource can have it in its name.')
func checkedName(name string) string =>
  isHyphenated(name) && name == toLower(name)
    ? name
    : fail('name: "${name}" is not made of lower-case letters and digits, with single hyphens between them')

@description('A GUID as it is.')
func checkedGuid(parameter string, value string) string =>
  isGuid(value) ? value : fail('${parameter}: "${value}" is no GUID')

@export()
@description('The parameter `roles` as it is, when it names GUIDs.')
func checkedRoles(roles existingRoles?) existingRoles? =>
  roles == null
    ? null
    : {
        dataFactory: checkedGuid('roles.dataFactory', roles!.dataFactory)
        vault: checkedGuid('roles.vault', roles!.vault)
      }

@export()
@description('The parameter `authentication` as it is, when it names a GUID.')
func checkedAuthentication(authentication entraAuthentication?) entraAuthentication? =>
  authentication == null || isGuid(authentication.?clientId ?? '')
    ? authentication
    : fail('authentication.clientId: "${authentication.?clientId}" is no GUID')

@description('The schedule as the Functions host takes it: six fields, UTC.')
func toNcrontab(tick schedule) string =>
  '0 ${tick.minute} ${join(map(range(0, tick.timesPerDay), i => string((tick.hour + i * 24 / tick.timesPerDay) % 24)), ',')} * * *'

@export()
@description('The app settings that say what the app is to do.')
func toRotationSettings(
  entries completedRuntime[],
  defaults policy,
  tick schedule,
  concurrency int,
  addresses cloud,
  ownVaultUrl string?
) rotationSettings => {
  schedule: toNcrontab(tick)
  runtimes: toSetting(entries, defaults, addresses.vaultSuffix)
  keyVaultUrl: ownVaultUrl
  rotateEvery: 'P${defaults.rotateEveryDays}D'
  overlap: 'PT${defaults.overlapHours}H'
  validity: 'P${defaults.rotateEveryDays + defaults.graceDays}D'
  concurrency: concurrency
  resourceManagerUrl: addresses.resourceManagerUrl
}
