# Sourced by rotation.sh. Deletes this deployment's event subscriptions on one existing vault: those that tell an action
# group of this resource group.
[[ ${1:-} =~ ^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.KeyVault/vaults/[^/]+$ ]] ||
  die "\"${1:-}\" is not the ARM id of a vault, nothing was done"
names=$(az eventgrid event-subscription list --source-resource-id "$1" --output tsv \
  --query "[?starts_with(name, 'published-key-near-expiry-') && contains(to_string(destination), '/$group/')].name" |
  tr -d '\r')
[ -n "$names" ] || die "remove-subscriptions: none of this deployment on $1"
while read -r name; do
  [[ $name =~ ^published-key-near-expiry-[0-9]+-[0-9a-z]+$ ]] || die "remove-subscriptions: \"$name\" is not ours, nothing was done"
done <<<"$names"
confirm "Delete these event subscriptions of $1?" "$names"
while read -r name; do az eventgrid event-subscription delete --source-resource-id "$1" --name "$name" </dev/null; done <<<"$names"
