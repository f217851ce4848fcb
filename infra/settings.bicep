// From the other parameters of main.bicep to what the template works with. A wrong value stops the deployment before
// anything is deployed.

import { isEmail, isGuid, isHyphenated, shapeOf } from 'names.bicep'
import { completedRuntime, listsFactories, policy, toSetting } from 'runtimes.bicep'
import { cloud, entraAuthentication, existingRoles, network, rotationSettings, schedule } from 'types.bicep'

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
@description('The parameter `authentication` as it is, when it names a GUID.')
func checkedAuthentication(authentication entraAuthentication?) entraAuthentication? =>
  authentication == null || isGuid(authentication.?clientId ?? '')
    ? authentication
    : fail('authentication.clientId: "${authentication.?clientId}" is no GUID')

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

@description('Is this the ARM id of a subnet?')
func isSubnetId(id string) bool =>
  shapeOf(id) == '/subscriptions/*/resourcegroups/*/providers/microsoft.network/virtualnetworks/*/subnets/*'

@description('Is this the ARM id of the private DNS zone of a service, in whichever cloud?')
func isZoneId(id string, service string) bool =>
  shapeOf(id) == '/subscriptions/*/resourcegroups/*/providers/microsoft.network/privatednszones/*' && startsWith(
    toLower(last(split(id, '/'))),
    'privatelink.${service}.'
  )

@description('What can be wrong with subnets and zones made elsewhere, and is it?')
func checksOf(app string, endpoints string, vaultZone string, blobZone string) { wrong: bool, text: string }[] => [
  { wrong: !isSubnetId(app), text: 'appSubnetId: "${app}" is not the ARM id of a subnet' }
  { wrong: !isSubnetId(endpoints), text: 'endpointSubnetId: "${endpoints}" is not the ARM id of a subnet' }
  {
    wrong: contains(last(split(app, '/')), '_')
    text: 'appSubnetId: Flex Consumption takes no subnet with an underscore in its name, as "${last(split(app, '/'))}" has'
  }
  {
    wrong: toLower(app) == toLower(endpoints)
    text: 'appSubnetId and endpointSubnetId are the same subnet: the one of the app is delegated and takes no private endpoints'
  }
  {
    wrong: !isZoneId(vaultZone, 'vaultcore')
    text: 'vaultDnsZoneId: "${vaultZone}" is not the ARM id of the zone privatelink.vaultcore.…'
  }
  {
    wrong: !isZoneId(blobZone, 'blob')
    text: 'blobDnsZoneId: "${blobZone}" is not the ARM id of the zone privatelink.blob.…'
  }
]

@description('Is this an address range in which two subnets of /26 fit?')
func isRangeForTwo(prefix string) bool =>
  length(split(prefix, '.')) == 4 && contains(map(range(8, 18), bits => string(bits)), last(split('/${prefix}', '/')))

@description('What is wrong with a network, one thing to an element.')
func wrongWith(networking network) string[] =>
  networking.kind == 'public'
    ? []
    : networking.kind == 'newVirtualNetwork'
        ? (isRangeForTwo(networking.?addressPrefix ?? '')
            ? []
            : [
                'addressPrefix: "${networking.?addressPrefix}" is no range for two subnets of /26, give a /24 such as 10.20.0.0/24'
              ])
        : map(
            filter(
              checksOf(
                networking.?appSubnetId ?? '',
                networking.?endpointSubnetId ?? '',
                networking.?vaultDnsZoneId ?? '',
                networking.?blobDnsZoneId ?? ''
              ),
              check => check.wrong
            ),
            check => check.text
          )

@export()
@description('The parameter `networking` as it is, when its subnets and zones can be what they are named for.')
func checkedNetwork(networking network) network =>
  empty(wrongWith(networking)) ? networking : fail('networking.${join(wrongWith(networking), '; ')}')

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
