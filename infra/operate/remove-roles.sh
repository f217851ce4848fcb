# Sourced by rotation.sh. Deletes the role definitions that this deployment made, found by the ending that the names of
# all its resources share.
subscription=${1:?name the subscription}
suffix=$(suffix)
suffix=${suffix##*-}
names=$(az role definition list --custom-role-only true --subscription "$subscription" --output tsv \
  --query "[?starts_with(roleName, 'Integration Runtime ') && ends_with(roleName, '($suffix)')].name" | tr -d '\r')
[ -n "$names" ] || die "remove-roles: none that end with ($suffix)"
while read -r name; do
  [[ $name =~ ^[0-9a-fA-F-]{36}$ ]] || die "remove-roles: \"$name\" is no role definition, nothing was done"
done <<<"$names"
confirm "Delete these role definitions, which end with ($suffix)?" "$names"
while read -r name; do az role definition delete --name "$name" --subscription "$subscription" </dev/null; done <<<"$names"
