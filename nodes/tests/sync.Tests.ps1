BeforeAll { . "$PSScriptRoot/node.ps1" }

Describe 'A node that is not registered' {
  BeforeEach { $node = New-Node }

  It 'is registered under its name, after remote access was enabled' {
    Write-Node $node has-siblings 'yes'
    $run = Invoke-Script $node
    $run.Code | Should -Be 0 -Because $run.Text
    Get-Calls $node | Should -Be '-EnableRemoteAccess', '-RegisterNewNode'
    Read-Node $node name | Should -Be 'SHIR01'
    Read-Node $node remoteAccess | Should -Be '-EnableRemoteAccess 8060'
    Read-Node $node expiry | Should -BeNullOrEmpty
    Test-Online $node | Should -BeTrue
    Read-Node $node events | Should -Match 'Information 1000 The node is registered'
    Assert-Discreet $node $run
  }

  It 'expires while it is offline, and leaves remote access alone, where that is asked for' {
    (Invoke-Script $node @{ ExpireAfterSeconds = 600; RemoteAccessPort = 0 }).Code | Should -Be 0
    Get-Calls $node | Should -Be '-RegisterNewNode'
    Read-Node $node expiry | Should -Be '600'
  }

  It 'is registered with the value of after a rotation that comes between two tries' {
    $dead = (Invoke-Lever look).key
    Write-Node $node fault '-RegisterNewNode refuses 1'
    # Its second try is a minute later; the pause is where the rotations come in.
    $run = Invoke-Script $node @{} {
      $script:rotated = $false
      function Wait-Seconds { if (-not $script:rotated) { $script:rotated = $true; $null = Invoke-Rotation $Node; $null = Invoke-Rotation $Node } }
    }
    $run.Code | Should -Be 0 -Because $run.Text
    Read-Node $node key | Should -Be (Invoke-Lever look).key
    Read-Node $node key | Should -Not -Be $dead
  }

  It 'is not registered where nothing may be done' {
    $run = Invoke-Script $node @{ WhatIf = $true }
    $run.Code | Should -Be 0
    $run.Text | Should -Match 'Would register a node SHIR01 with the integration runtime onprem of the data factory contoso'
    Get-Calls $node | Should -BeNullOrEmpty
    Test-Path "$node/program" | Should -BeFalse
    Test-Path "$node/events" | Should -BeFalse
  }

  It 'fails after five tries, and says what can block a name' {
    Write-Node $node fault '-RegisterNewNode refuses always'
    $run = Invoke-Script $node
    $run.Code | Should -Be 1
    @(Get-Calls $node | Where-Object { $_ -eq '-RegisterNewNode' }).Count | Should -Be 5
    Read-Node $node events | Should -Match 'Warning 2000 The node could not be registered'
    Assert-Discreet $node $run
  }

  It 'needs a person where no integration runtime is installed' {
    $run = Invoke-Script $node @{ DmgcmdPath = $null } { function Get-RuntimeSetting { $null } }
    $run.Code | Should -Be 2
    $run.Text | Should -Match 'No integration runtime is installed on this machine'
  }

  It 'is not looked for from a 32-bit process, which would take a registered node for a new one' {
    $run = Invoke-Script $node @{} { function Test-64Bit { $false } }
    $run.Code | Should -Be 2
    $run.Text | Should -Match 'use the 64-bit one'
    Get-Calls $node | Should -BeNullOrEmpty
  }

  It 'is found by the registry, whatever the number of the folder is' {
    $run = Invoke-Script $node @{ DmgcmdPath = $null } {
      function Get-RuntimeSetting([string] $Name) { if ($Name -eq 'DiacmdPath') { '/opt/Microsoft Integration Runtime/6.0/Shared/diacmd.exe' } }
    }
    $run.Text | Should -Match '/opt/Microsoft Integration Runtime/6.0/Shared/dmgcmd.exe cannot be started'
  }
}

Describe 'A node that was installed by hand' {
  BeforeEach { $node = New-RegisteredNode }

  It 'is given the published key at the first run, restarted once, and never registered again' {
    $run = Invoke-Script $node
    $run.Code | Should -Be 0 -Because $run.Text
    Get-Calls $node | Should -Be '-Key', '-Restart'
    Test-Online $node | Should -BeTrue
    (Get-State $node).Version | Should -Be (Invoke-Lever look).version
  }

  It 'is left alone as long as the vault names the same version' {
    $null = Invoke-Script $node
    Clear-Calls $node
    $run = Invoke-Script $node
    $run.Code | Should -Be 0
    $run.Text | Should -Match 'Nothing to do'
    Get-Calls $node | Should -BeNullOrEmpty
  }

  It 'stays online over six rotations, each taken before the next' {
    foreach ($rotation in 1..6) {
      $run = Invoke-Script $node
      $run.Code | Should -Be 0 -Because $run.Text
      $world = Invoke-Rotation $node
      Test-Online $node | Should -BeTrue -Because "the key of before rotation $rotation lives"
      Skip-Time $node '30.00:00:00'
    }
    $null = Invoke-Script $node
    Read-Node $node session | Should -Be $world.key
    @(Get-Calls $node | Where-Object { $_ -eq '-Restart' }).Count | Should -Be 7
  }

  It 'is healed at once where it has lost its key: not connected, there is no turn to wait for' {
    $null = Invoke-Script $node
    $null = Invoke-Rotation $node
    $null = Invoke-Rotation $node
    Test-Online $node | Should -BeFalse
    $before = [long] (Read-Node $node clock)
    $run = Invoke-Script $node @{ Hours = '2-3' }
    $run.Code | Should -Be 0 -Because $run.Text
    Test-Online $node | Should -BeTrue
    [TimeSpan]::FromTicks([long] (Read-Node $node clock) - $before) | Should -BeLessThan ([TimeSpan] '00:05:00')
  }

  It 'is started where its service is down, so that it can take a key' {
    Write-Node $node service 'Stopped'
    (Invoke-Script $node).Code | Should -Be 0
    Get-Calls $node | Should -Be '-Start', '-Key', '-Restart'
  }

  It 'goes on with the key that it has where the new one is refused' {
    $null = Invoke-Script $node
    $world = Invoke-Rotation $node
    Clear-Calls $node
    Write-Node $node fault '-Key refuses always'
    $run = Invoke-Script $node
    $run.Code | Should -Be 1
    Get-Calls $node | Should -Be '-Key'
    Test-Online $node | Should -BeTrue
    Read-Node $node events | Should -Match 'did not take version \w+ and goes on with the key it has'
    (Get-State $node).Version | Should -Not -Be $world.version
    Assert-Discreet $node $run
  }

  It 'is tried again after pauses that grow to a day, however often the script runs' {
    $null = Invoke-Script $node
    $null = Invoke-Rotation $node
    Clear-Calls $node
    Write-Node $node fault '-Key refuses always'
    # Every twelve hours for ten days.
    foreach ($run in 1..20) { $null = Invoke-Script $node; Skip-Time $node '12:00:00' }
    $tries = @(Get-Calls $node | Where-Object { $_ -eq '-Key' }).Count
    $tries | Should -BeGreaterThan 8
    $tries | Should -BeLessThan 16
    Get-Calls $node | Should -Not -Contain '-Restart'
  }

  It 'is not restarted again and again where it took a key that is not accepted, and heals with the next version' {
    Write-Node $node takes-anything 'yes'
    $null = Invoke-Script $node
    $live = (Invoke-Lever look).key
    $null = Invoke-Lever write @{ value = $live -replace '@[^@]+$', '@FAKEdead' }
    Clear-Calls $node
    $first = Invoke-Script $node
    $first.Code | Should -Be 1
    $first.Text | Should -Match 'Either it cannot reach the service .* or the key is not accepted'
    foreach ($run in 1..12) { Skip-Time $node '02:00:00'; $null = Invoke-Script $node }
    @(Get-Calls $node | Where-Object { $_ -eq '-Restart' }).Count | Should -BeLessThan 8
    $null = Invoke-Rotation $node
    (Invoke-Script $node).Code | Should -Be 0
    Test-Online $node | Should -BeTrue
  }

  It 'counts a version as taken without a second restart where it only needed longer to connect' {
    Write-Node $node fault '-cgc refuses always'
    (Invoke-Script $node).Code | Should -Be 1
    Remove-Item "$node/fault"
    Clear-Calls $node
    Skip-Time $node '00:05:00'
    $run = Invoke-Script $node
    $run.Code | Should -Be 0 -Because $run.Text
    Get-Calls $node | Should -BeNullOrEmpty
    (Get-State $node).Version | Should -Be (Invoke-Lever look).version
  }

  It 'is told what would be done, and nothing is, where nothing may be' {
    $run = Invoke-Script $node @{ WhatIf = $true }
    $run.Text | Should -Match 'Would give the node version \w+, a key of the integration runtime onprem of the data factory contoso'
    Get-Calls $node | Should -BeNullOrEmpty
    Test-Path "$node/program" | Should -BeFalse
  }
}

Describe 'The key of another runtime' {
  BeforeEach { $node = New-RegisteredNode; $null = Invoke-Script $node; Clear-Calls $node; $other = @{ SecretUrl = (Invoke-Lever look).otherSecretUrl } }

  It 'is never given to a node' {
    $run = Invoke-Script $node $other
    $run.Code | Should -Be 2
    $run.Text | Should -Match 'is of another integration runtime \(other of the data factory contoso\)'
    Get-Calls $node | Should -BeNullOrEmpty
    Read-Node $node events | Should -Match 'Error 3000'
  }

  It 'is not used to register a node anew that lost its registration either' {
    Remove-Item "$node/HaveRun"
    (Invoke-Script $node $other).Code | Should -Be 2
    Get-Calls $node | Should -BeNullOrEmpty
  }

  It 'is taken where somebody says so, once and for good' {
    (Invoke-Script $node ($other + @{ ChangeRuntime = $true })).Code | Should -Be 0
    Read-Node $node key | Should -BeIn (Invoke-Lever look).otherLive
    (Invoke-Script $node $other).Code | Should -Be 0
    (Invoke-Script $node).Code | Should -Be 2
  }
}

Describe 'What the vault holds' {
  BeforeEach { $node = New-RegisteredNode }

  It 'is not given to a node where it is no key: <_>' -ForEach 'placeholder', 'IR@not-a-guid@x', 'IR@00000000-0000-4000-8000-000000000000@FAKE b', 'e', 'IR@00000000-0000-4000-8000-000000000000@' {
    $null = Invoke-Lever write @{ value = $_ }
    $run = Invoke-Script $node
    $run.Code | Should -Be 2
    $run.Text | Should -Match 'is no key of an integration runtime'
    Get-Calls $node | Should -BeNullOrEmpty
    if ($_.Length -gt 8) { $run.Text | Should -Not -Match ([regex]::Escape($_)) }
  }
}

Describe 'The state' {
  BeforeEach { $node = New-RegisteredNode }

  It 'holds the version, the runtime and the attempt under way, and nothing else' {
    $null = Invoke-Script $node
    (Get-State $node).PSObject.Properties.Name | Sort-Object | Should -Be 'NotBefore', 'Restarted', 'Runtime', 'Tries', 'Trying', 'Version'
    @(Get-ChildItem "$node/program" | ForEach-Object Name) | Sort-Object | Should -Be 'lock', 'state.json'
    Assert-Discreet $node
  }

  It 'counts as missing where it cannot be read: the version is taken once more' {
    $null = Invoke-Script $node
    foreach ($text in '', '{"Runtime":', '[]', '{"Version":"x"}') {
      Write-Node $node program/state.json $text
      $run = Invoke-Script $node
      $run.Code | Should -Be 0 -Because $run.Text
      (Get-State $node).Version | Should -Be (Invoke-Lever look).version
    }
  }

  It 'is whole where a run died while it wrote the next one' {
    $null = Invoke-Script $node
    Write-Node $node program/state.json.new '{"Run'
    Clear-Calls $node
    (Invoke-Script $node).Code | Should -Be 0
    Get-Calls $node | Should -BeNullOrEmpty
    $null = Invoke-Rotation $node
    (Invoke-Script $node).Code | Should -Be 0
  }
}

Describe 'An error that nobody foresaw' {
  It 'ends the run with 1, and its text is told without the key that is in it' {
    $node = New-RegisteredNode
    # It sees the variables of whoever calls it.
    $run = Invoke-Script $node @{} { function Test-NodeDown { throw "It broke at $($secret.Key) and at $(($secret.Key -split '@')[-1])" } }
    $run.Code | Should -Be 1
    $run.Text | Should -Match 'It broke at \*\*\*.*\(line \d+\)'
    Assert-Discreet $node $run
  }
}

Describe 'Two runs at once' {
  It 'are one: the second leaves it to the first' {
    $node = New-RegisteredNode
    $null = New-Item -ItemType Directory "$node/program"
    $lock = [System.IO.File]::Open("$node/program/lock", 'OpenOrCreate', 'ReadWrite', 'None')
    try { $run = Invoke-Script $node } finally { $lock.Dispose() }
    $run.Code | Should -Be 0
    $run.Text | Should -Match 'Another run is under way'
    Get-Calls $node | Should -BeNullOrEmpty
    (Invoke-Script $node).Code | Should -Be 0
    Get-Calls $node | Should -Be '-Key', '-Restart'
  }

  It 'are not suspected where the folder cannot be made' {
    $node = New-RegisteredNode
    Write-Node $node program 'a file'
    $run = Invoke-Script $node
    $run.Code | Should -Be 1
    $run.Text | Should -Not -Match 'Another run'
  }
}
