// What Azure, and the app, take as a name. Types can say how long one is, but not of which characters it is made.

@description('Is each character of the text one of these? Letters count in either case.')
func isMadeOf(text string, characters string) bool =>
  empty(filter(
    map(range(0, length(text)), i => toLower(substring(text, i, 1))),
    character => !contains(characters, character)
  ))

var letters = 'abcdefghijklmnopqrstuvwxyz'
var digits = '0123456789'

@export()
@description('Is this a GUID?')
func isGuid(text string) bool =>
  isMadeOf(text, '${digits}abcdef-') && join(map(split(text, '-'), part => string(length(part))), '-') == '8-4-4-4-12'

@export()
@description('Is this made of letters and digits, with single hyphens between them?')
func isHyphenated(text string) bool => isMadeOf(text, '${letters}${digits}-') && !contains('-${text}-', '--')

@export()
@description('An id with the names in it blanked out, to compare with the shape of its resource type.')
func shapeOf(id string) string =>
  toLower(join(map(split(id, '/'), (part, i) => i > 0 && i % 2 == 0 && i != 6 && !empty(part) ? '*' : part), '/'))

@export()
@description('Is this an e-mail address, as far as its form tells?')
func isEmail(text string) bool =>
  length(split(text, '@')) == 2 && !contains(text, ' ') && !startsWith(text, '@') && contains(
    last(split(text, '@')),
    '.'
  ) && !contains('.${last(split(text, '@'))}.', '..')

@export()
@description('Is this a name of a factory or an integration runtime?')
func isFactoryOrRuntimeName(text string) bool => isHyphenated(text) && length(text) >= 3 && length(text) <= 63

@export()
@description('Is this a name of a vault?')
func isVaultName(text string) bool =>
  isHyphenated(text) && length(text) >= 3 && length(text) <= 24 && isMadeOf(substring('${text}-', 0, 1), letters)

@export()
@description('Is this a name of a secret? Its length is a matter of its type.')
func isSecretName(text string) bool => isMadeOf(text, '${letters}${digits}-')

@export()
@description('Is this a name of a resource group that the app takes?')
func isResourceGroupName(text string) bool =>
  isMadeOf(text, '${letters}${digits}-_.()') && length(text) >= 1 && length(text) <= 90 && !endsWith(text, '.')

@description('Is this a number up to the largest, as people write one?')
func isNumberUpTo(text string, largest int) bool =>
  isMadeOf(text, digits) && length(text) >= 1 && length(text) <= 3 && (startsWith(text, '0') ? text == '0' : true) && int(isMadeOf(
      text,
      digits
    ) && !empty(text)
    ? text
    : '0') <= largest

@export()
@description('Is this a range of IPv4 addresses, and not of all?')
func isAddressRange(text string) bool =>
  length(split(text, '/')) == 2 && length(split(split(text, '/')[0], '.')) == 4 && empty(filter(
    split(split(text, '/')[0], '.'),
    part => !isNumberUpTo(part, 255)
  )) && isNumberUpTo(last(split(text, '/')), 32) && last(split(text, '/')) != '0'
