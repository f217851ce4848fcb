# Sourced by rotation.sh. Deletes the role assignments of the app's identity in one subscription. The list is filtered by
# the principal a second time, because `--assignee` with nothing in it lists everybody's.
subscription=${1:?name the subscription}
principal=$(principal)
ids=$(az role assignment list --all --assignee "$principal" --subscription "$subscription" \
  --query "[?principalId=='$principal'].id" --output tsv | tr -d '\r')
[ -n "$ids" ] || die "remove-assignments: none in $subscription"
while read -r id; do
  [[ $id =~ /providers/Microsoft\.Authorization/roleAssignments/[0-9a-fA-F-]{36}$ ]] ||
    die "remove-assignments: \"$id\" is no role assignment, nothing was done"
done <<<"$ids"
confirm "Delete these role assignments of $principal?" "$ids"
while read -r id; do az role assignment delete --ids "$id" </dev/null; done <<<"$ids"
