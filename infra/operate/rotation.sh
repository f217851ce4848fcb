#!/usr/bin/env bash
# What an operator does with one deployment, by the name of its resource group: docs/runbook.md says when. Beside it,
# rotation.ps1 takes the same words for PowerShell. Nothing is deleted by what a command answered unless that is one
# thing of the expected form, was shown, and was confirmed.
set -euo pipefail
# Azure answers ids in changed case.
shopt -s nocasematch

usage='usage: rotation.sh RESOURCE_GROUP COMMAND, where COMMAND is one of
  names                         the app, its host, its identity, its workspace and its storage account
  status                        what each secret names now
  preview [NAME...]             what a rotation would do; of all runtimes where none is named
  rotate NAME...                rotate these, by secret name or ARM id
  compromised NAME...           regenerate both keys of these, without waiting for readers
  tick                          what the timer does, now
  problems | exceptions         what went wrong in the last week
  nodes RUNTIME_ID              the nodes of a runtime
  remove-node RUNTIME_ID NODE   take a node off a runtime
  lock RUNTIME_ID               who holds the lock of a runtime
  owner-commands                what owners of factories and vaults run, where assignments are made elsewhere
  push ZIP                      deploy the package, and wait for its functions
  remove-assignments SUBSCRIPTION, remove-subscriptions VAULT_ID, remove-roles SUBSCRIPTION
With Entra in front of the app, set ROTATION_AUDIENCE to its audience, such as api://<client id>. Where a group has several
deployments, set ROTATION_APP to the name of the app.'

die() { echo "$1" >&2; exit 1; }

[ $# -ge 2 ] || die "$usage"
readonly group=$1 command=$2
shift 2
here=$(cd "$(dirname "$0")" && pwd)
readonly here

# The one line that a command prints. Nothing, an error, and several lines all end here.
one() {
  local what=$1 found
  shift
  found=$("$@" | tr -d '\r') || die "$what: the command failed, nothing was done: $*"
  [ -n "$found" ] || die "$what: none found in $group, nothing was done"
  [ "$found" = "${found%%$'\n'*}" ] || die "$what: more than one found in $group, nothing was done:"$'\n'"$found"
  printf '%s\n' "$found"
}

# Found by the tag that the template gives it, so that a group may hold other apps, too. All other names follow from it.
app() {
  if [ -n "${ROTATION_APP:-}" ]; then
    printf '%s\n' "$ROTATION_APP"
  else
    one 'function app' az functionapp list --resource-group "$group" --query "[?tags.\"azd-service-name\"=='rotation'].name" --output tsv
  fi
}
suffix() {
  local app
  app=$(app) || exit 1
  [[ $app =~ ^func-[a-z0-9-]+-[0-9a-z]{13}$ ]] || die "$app was not named by this template, nothing was done"
  printf '%s\n' "${app#func-}"
}
host() { one 'host name' az functionapp show --resource-group "$group" --name "$1" --query defaultHostName --output tsv; }
principal() {
  local suffix found
  suffix=$(suffix) || exit 1
  found=$(one identity az identity show --resource-group "$group" --name "id-$suffix" --query principalId --output tsv) || exit 1
  [[ $found =~ ^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$ ]] || die "identity: $found is no principal id, nothing was done"
  printf '%s\n' "$found"
}
workspace() {
  local suffix
  suffix=$(suffix) || exit 1
  one workspace az monitor log-analytics workspace show --resource-group "$group" --workspace-name "log-$suffix" --query customerId --output tsv
}
storage() {
  local suffix
  suffix=$(suffix) || exit 1
  suffix=st${suffix//-/}
  printf '%s\n' "${suffix:0:24}"
}
# Each function has a key of its own, which opens no other. The master key opens everything, and is for the tick alone.
key() {
  if [ "$2" = master ]; then
    one key az functionapp keys list --resource-group "$group" --name "$1" --query masterKey --output tsv
  else
    one key az functionapp function keys list --resource-group "$group" --name "$1" --function-name "$2" --query default --output tsv
  fi
}

# Key and token reach curl by its standard input: arguments can be read by others.
call() {
  local app host key token=''
  app=$(app) && host=$(host "$app") && key=$(key "$app" "$1") || exit 1
  shift
  if [ -n "${ROTATION_AUDIENCE:-}" ]; then
    token=$(one token az account get-access-token --resource "$ROTATION_AUDIENCE" --query accessToken --output tsv) || exit 1
    token="header = \"Authorization: Bearer $token\""
  fi
  printf 'header = "x-functions-key: %s"\n%s\n' "$key" "$token" |
    curl --config - --silent --show-error --write-out '%{stderr}HTTP %{http_code}\n' --header 'content-type: application/json' "https://$host/$1" "${@:2}"
  echo
}
post() { call "$1" "$2" --request POST --data "$3"; }

# Names as the list of a request.
list() {
  local name names=''
  for name in "$@"; do
    [[ $name =~ ^[A-Za-z0-9/._()-]+$ ]] || die "\"$name\" is no secret name and no ARM id, nothing was done"
    names="$names,\"$name\""
  done
  printf '[%s]' "${names#,}"
}

runtime_id() {
  [[ ${1:-} =~ ^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.DataFactory/factories/[^/]+/integrationRuntimes/[^/?]+$ ]] ||
    die "\"${1:-}\" is not the ARM id of an integration runtime, nothing was done"
}

logs() {
  local workspace
  workspace=$(workspace) || exit 1
  az monitor log-analytics query --workspace "$workspace" --analytics-query "$1" --timespan P7D --output table
}

nodes() {
  local url
  url=$(resource_manager) || exit 1
  az rest --method post --url "$url$1/getStatus?api-version=2018-06-01" --output table --query \
    'properties.typeProperties.nodes[].{name: nodeName, machine: machineName, status: status, registered: registerTime, connected: lastConnectTime}'
}
resource_manager() {
  local url
  url=$(one 'address of Azure Resource Manager' az cloud show --query endpoints.resourceManager --output tsv) || exit 1
  printf '%s' "${url%/}"
}

lock() {
  local name hash account
  account=$(storage) || exit 1
  name=$(printf %s "$1" | tr '[:upper:]' '[:lower:]')
  hash=$(printf %s "$name" | { sha256sum 2>/dev/null || shasum -a 256; } | cut -d' ' -f1)
  echo "container rotation-locks, blob $hash"
  az storage blob show --auth-mode login --account-name "$account" --container-name rotation-locks --name "$hash" \
    --query properties.lease
}

# Shows what would go, and goes on only with a typed yes.
confirm() {
  printf '%s\n' "$2"
  printf '%s Type yes: ' "$1" >&2
  local answer=''
  read -r answer || true
  [ "$answer" = yes ] || die 'nothing was done'
}

case $command in
  names)
    app=$(app)
    host=$(host "$app")
    principal=$(principal)
    workspace=$(workspace)
    storage=$(storage)
    printf '%s\n' "app $app" "host $host" "principal $principal" "workspace $workspace" "storage $storage"
    ;;
  status) call status api/status ;;
  preview)
    if [ $# -eq 0 ]; then body='{"dryRun": true}'; else body="{\"dryRun\": true, \"runtimes\": $(list "$@")}"; fi
    post rotateOnDemand api/rotate "$body"
    ;;
  rotate | compromised)
    [ $# -ge 1 ] || die "$command: name at least one runtime"
    names=$(list "$@")
    [ "$command" = rotate ] && body="{\"runtimes\": $names}" || body="{\"runtimes\": $names, \"compromised\": true}"
    post rotateOnDemand api/rotate "$body"
    ;;
  tick) post master admin/functions/rotateOnSchedule '{}' ;;
  problems) logs "$(cat "$here/../queries/problems.kql")" ;;
  exceptions) logs 'AppExceptions | where OperationName == "rotateOnSchedule" | project TimeGenerated, OuterMessage | order by TimeGenerated desc' ;;
  nodes)
    runtime_id "$@"
    nodes "$1"
    ;;
  remove-node)
    runtime_id "$@"
    [[ ${2:-} =~ ^[^/?\&]+$ ]] || die "name one node, as \"nodes\" shows it"
    confirm "Take the node $2 off this runtime?" "$1"
    url=$(resource_manager)
    az rest --method delete --url "$url$1/nodes/$2?api-version=2018-06-01"
    ;;
  lock)
    runtime_id "$@"
    lock "$1"
    ;;
  owner-commands)
    az deployment group list --resource-group "$group" --output tsv --query \
      'sort_by([?properties.outputs.commandsForOwners], &properties.timestamp)[-1].properties.outputs.commandsForOwners.value[]'
    ;;
  push | remove-assignments | remove-subscriptions | remove-roles)
    # shellcheck source=/dev/null
    . "$here/$command.sh"
    ;;
  *) die "$usage" ;;
esac
