// From the other parameters of main.bicep to what the template works with. A wrong value stops the deployment before
// anything is deployed.

import { isEmail, isGuid, isHyphenated, shapeOf } from 'names.bicep'
import { completedRuntime, listsFactories, policy, toSetting } from 'runtimes.bicep'
import { cloud, existingRoles, rotationSettings, schedule } from 'types.bicep'

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
@description('The parameter `roles` as it is, when it names GUIDs. Who does not assign roles on factories may not define any for them either.')
func checkedRoles(roles existingRoles?, assignments string, entries completedRuntime[]) existingRoles? =>
  roles == null
    ? (assignments == 'here'
        ? null
        : fail('assignments: \'elsewhere\' takes the parameter roles, with the GUIDs of both definitions'))
    : roles.?finder == null && !empty(filter(entries, entry => listsFactories(entry)))
        ? fail('roles: a pattern over several factories takes roles.finder, the GUID of a role with Microsoft.DataFactory/factories/read')
        : union(
            {
              dataFactory: checkedGuid('roles.dataFactory', roles!.dataFactory)
              vault: checkedGuid('roles.vault', roles!.vault)
            },
            roles.?finder == null ? {} : { finder: checkedGuid('roles.finder', roles.?finder ?? '') }
          )

@export()
@description('The parameter `alertEmails` as it is, when each may be an address.')
func checkedEmails(emails string[]) string[] =>
  empty(filter(emails, email => !isEmail(email)))
    ? emails
    : fail('alertEmails: "${filter(emails, email => !isEmail(email))[0]}" is no e-mail address')

@export()
@description('The ids as they are, when each is that of an action group.')
func checkedActionGroups(ids string[]) string[] =>
  empty(filter(
      ids,
      id => shapeOf(id) != '/subscriptions/*/resourcegroups/*/providers/microsoft.insights/actiongroups/*'
    ))
    ? ids
    : fail('alertActionGroupIds: "${join(ids, '", "')}" should be ARM ids of action groups, /subscriptions/…/providers/Microsoft.Insights/actionGroups/…')

@export()
@description('The ids as they are, when each is that of a resource group or a subscription.')
func checkedResourceGroups(ids string[]) string[] =>
  empty(filter(ids, id => !contains(['/subscriptions/*/resourcegroups/*', '/subscriptions/*'], shapeOf(id))))
    ? ids
    : fail('formerResourceGroupIds: "${join(ids, '", "')}" should be ids of resource groups, /subscriptions/…/resourceGroups/…, or of subscriptions that a pattern stood for')

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
  nodes: defaults.nodes
  soak: 'PT${defaults.soakHours}H'
  paused: defaults.paused
  concurrency: concurrency
  resourceManagerUrl: addresses.resourceManagerUrl
}
