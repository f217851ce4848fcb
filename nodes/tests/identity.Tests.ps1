BeforeAll { . "$PSScriptRoot/node.ps1" }

Describe 'The identity of the machine' {
  BeforeEach { $node = New-RegisteredNode }
  AfterEach { $env:IDENTITY_ENDPOINT = ''; $env:IDENTITY_HEADER = '' }

  It 'is the system-assigned one of an Azure VM' {
    (Invoke-Script $node @{ Identity = 'Azure' }).Code | Should -Be 0
  }

  It 'is the user-assigned one that is named' {
    $id = '11111111-2222-3333-4444-555555555555'
    $null = Invoke-Lever identity @{ clientId = $id }
    $run = Invoke-Script $node @{ Identity = 'Azure' }
    $run.Code | Should -Be 1
    $run.Text | Should -Match 'No token for this machine \(Azure, status 400\): Identity not found'
    (Invoke-Script $node @{ Identity = 'Azure'; ClientId = $id }).Code | Should -Be 0
  }

  It 'is that of Azure Arc, whose challenge is answered' {
    $run = Invoke-Script $node @{ Identity = 'Arc' }
    $run.Code | Should -Be 0 -Because $run.Text
    Assert-Discreet $node $run
  }

  It 'is found out: Arc, where it says so for the whole machine' {
    $env:IDENTITY_ENDPOINT = "$env:NODES_WORLD/arc/metadata/identity/oauth2/token"
    (Invoke-Script $node @{ Identity = 'Auto'; ImdsUrl = 'http://127.0.0.1:9/metadata/identity/oauth2/token'; ArcUrl = 'http://127.0.0.1:9/' }).Code | Should -Be 0
  }

  It 'is found out: Azure, where the metadata service answers, and whatever App Service has set' {
    $env:IDENTITY_ENDPOINT = 'http://127.0.0.1:9/msi/token'
    $env:IDENTITY_HEADER = 'x'
    (Invoke-Script $node @{ Identity = 'Auto'; ArcUrl = 'http://127.0.0.1:9/' }).Code | Should -Be 0
  }

  It 'is found out: Arc, where nothing answers in the place of the metadata service, or something else does' {
    foreach ($imds in 'http://127.0.0.1:9/metadata', "$(([Uri] (Get-Parameters $node).ArcUrl).GetLeftPart('Authority'))/metadata/identity/oauth2/token") {
      # The second answers, but not as the metadata service: another cloud's is at the same address.
      $with = if ($imds -like '*token') { { function Invoke-Get([string] $Url, [hashtable] $Headers, [switch] $Direct, [double] $Seconds) { if ($Url -like '*versions') { @{ Status = 404; Text = ''; Challenge = '' } } else { Stop-Run Retry "asked $Url" } } } } else { {} }
      $run = Invoke-Script $node @{ Identity = 'Auto'; ImdsUrl = $imds } $with
      if ($imds -like '*token') { $run.Text | Should -Match 'asked \S+/arc/' } else { $run.Code | Should -Be 0 -Because $run.Text }
    }
  }

  It 'is not given away to what only pretends to be Arc: <How>' -ForEach @(
    @{ How = 'elsewhere'; Says = 'names a challenge outside' }
    @{ How = 'another-extension'; Says = 'did not say in which file' }
    @{ How = 'long'; Says = 'longer or shorter than it can be' }
  ) {
    $null = Invoke-Lever identity @{ arc = $How }
    $run = Invoke-Script $node @{ Identity = 'Arc' }
    $run.Code | Should -BeIn 1, 2
    $run.Text | Should -Match $Says
    Get-Calls $node | Should -BeNullOrEmpty
    Assert-Discreet $node $run
    Get-ChildItem (Split-Path $env:NODES_SCRATCH) -Filter *.key -ErrorAction Ignore | Remove-Item
  }

  It 'is told to be missing where neither answers, with what to do' {
    $run = Invoke-Script $node @{ Identity = 'Auto'; ImdsUrl = 'http://127.0.0.1:9/metadata'; ArcUrl = 'http://127.0.0.1:9/' }
    $run.Code | Should -Be 1
    $run.Text | Should -Match '127.0.0.1 cannot be reached'
    Read-Node $node events | Should -Match 'Warning 2000'
  }
}

Describe 'A vault that <How>' -ForEach @{ How = 'unavailable' }, @{ How = 'reset' }, @{ How = 'cut' }, @{ How = 'not-json' } {
  It 'is asked again, with a growing pause and a new token' {
    $node = New-RegisteredNode
    $null = Invoke-Lever fail @{ how = $How; times = '2' }
    $before = [long] (Read-Node $node clock)
    $run = Invoke-Script $node
    $run.Code | Should -Be 0 -Because $run.Text
    $run.Text | Should -Match 'Trying again in 10 s'
    $run.Text | Should -Match 'Trying again in 20 s'
    Assert-Discreet $node $run
  }
}

Describe 'A vault that stays closed' {
  BeforeEach { $node = New-RegisteredNode }

  It 'ends the run after five tries, with nothing done' {
    $null = Invoke-Lever fail @{ how = 'unavailable'; times = '99' }
    $run = Invoke-Script $node
    $run.Code | Should -Be 1
    (Invoke-Lever look).reads | Should -Be 5
    Get-Calls $node | Should -BeNullOrEmpty
    Test-Online $node | Should -BeTrue
  }

  It 'names the role that is missing' {
    $null = Invoke-Lever fail @{ how = 'forbidden'; times = '99' }
    $run = Invoke-Script $node
    $run.Code | Should -Be 1
    $run.Text | Should -Match 'Grant this identity the role "Key Vault Secrets User" on this one secret'
  }

  It 'does not hold a run for longer than a request may take' {
    $null = Invoke-Lever fail @{ how = 'stall'; times = '99' }
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    $run = Invoke-Script $node @{} { $Limits.Http = 0.5; $Limits.Reads = 2 }
    $run.Code | Should -Be 1
    $run.Text | Should -Match 'has not answered within 0.5 s'
    $watch.Elapsed.TotalSeconds | Should -BeLessThan 15
  }

  It 'says that the secret does not exist' {
    $run = Invoke-Script $node @{ SecretUrl = 'https://contoso.vault.azure.net/secrets/misspelt' }
    $run.Text | Should -Match 'There is no such secret: check -SecretUrl'
  }
}
