# Sourced by rotation.sh. Deploys the package and waits until the host knows exactly the three functions.
[ -f "${1:-}" ] || die 'push: name the zip to deploy'
app=$(app)
pause=${ROTATION_PAUSE:-15}
expected=$'rotateOnDemand\nrotateOnSchedule\nstatus'

# In its first minutes a new app answers 403: its role on the storage account is not seen yet.
for attempt in 1 2 3 4 5 6 7 8; do
  if az functionapp deployment source config-zip --resource-group "$group" --name "$app" --src "$1"; then break; fi
  [ "$attempt" -lt 8 ] || die "push: the package was refused $attempt times"
  echo "push: not taken, again in $((pause * 4)) seconds" >&2
  sleep $((pause * 4))
done

# A host that was not told to look again can go on listing what it had.
site=$(one 'id of the app' az functionapp show --resource-group "$group" --name "$app" --query id --output tsv)
url=$(resource_manager)
url="$url$site/host/default/sync?api-version=2024-11-01"
found=''
for _ in $(seq 20); do
  az rest --method post --url "$url" --output none || true
  found=$(az functionapp function list --resource-group "$group" --name "$app" --query '[].name' --output tsv |
    tr -d '\r' | sed 's#.*/##' | sort) || found=''
  if [ "$found" = "$expected" ]; then
    printf 'push: the host knows\n%s\n' "$found"
    exit 0
  fi
  sleep "$pause"
done
die "push: the host knows other functions than rotateOnDemand, rotateOnSchedule and status:"$'\n'"${found:-none}"
