BeforeAll {
  . "$PSScriptRoot/node.ps1"
  . "$PSScriptRoot/../Sync-IntegrationRuntimeKey.ps1" -SecretUrl 'https://contoso.vault.azure.net/secrets/x'
  function Get-MinutesApart([string[]] $Names, [int] $Spread = 120) {
    $turns = @($Names | ForEach-Object { (Get-Turn ([DateTime] '2026-03-10T00:00:00') $_ $Spread '').TimeOfDay.TotalMinutes } | Sort-Object)
    $gaps = for ($at = 0; $at -lt $turns.Count; $at++) { ($turns[($at + 1) % $turns.Count] - $turns[$at] + $Spread) % $Spread }
    ($gaps | Measure-Object -Minimum).Minimum
  }
}

Describe 'A turn' {
  It 'comes at the same minute of every two hours for one node, whenever the script started' {
    $first = Get-Turn ([DateTime] '2026-03-10T00:00:00') 'SHIR01' 120 ''
    $first | Should -BeLessThan ([DateTime] '2026-03-10T02:00:00')
    foreach ($start in '00:00:00', '05:59:59', '13:37:00', '23:59:00') {
      $turn = Get-Turn ([DateTime] "2026-03-10T$start") 'SHIR01' 120 ''
      ($turn - $first).TotalMinutes % 120 | Should -Be 0
      ($turn - [DateTime] "2026-03-10T$start").TotalMinutes | Should -BeLessOrEqual 120
      $turn | Should -BeGreaterThan ([DateTime] "2026-03-10T$start").AddMinutes(-1)
    }
  }

  It 'is at least 15 minutes from those of the other three nodes of a runtime, where their names count up' {
    Get-MinutesApart 'SHIR01', 'SHIR02', 'SHIR03', 'SHIR04' | Should -BeGreaterOrEqual 15
    Get-MinutesApart 'shir-vmss000000', 'shir-vmss000001', 'shir-vmss000002', 'shir-vmss000003' | Should -BeGreaterOrEqual 15
    Get-MinutesApart 'node-a', 'node-b', 'node-c', 'node-d' | Should -BeGreaterOrEqual 15
  }

  It 'lies in the hours that were asked for, also over midnight' {
    foreach ($name in 1..50 | ForEach-Object { "SHIR$_" }) {
      foreach ($hour in 0..23) {
        $now = [DateTime] "2026-03-10T$($hour.ToString('00')):30:00"
        $turn = Get-Turn $now $name 120 '22-5'
        $turn | Should -BeGreaterThan $now.AddMinutes(-1)
        ($turn - $now).TotalHours | Should -BeLessThan 24
        $turn.Hour -ge 22 -or $turn.Hour -lt 5 | Should -BeTrue
        (Get-Turn $now $name 120 '2-3').Hour | Should -Be 2
      }
    }
  }

  It 'is never missed: some run of a task that comes every two hours, half an hour late at worst, waits for it' {
    foreach ($name in 'SHIR01', 'SHIR02', 'a', 'zz') {
      foreach ($phase in 0..149) {
        $waits = foreach ($run in 0..10) {
          $now = ([DateTime] '2026-03-10T00:00:00').AddMinutes($phase + 150 * $run)
          ((Get-Turn $now $name 120 '2-3') - $now).TotalMinutes
        }
        ($waits | Measure-Object -Minimum).Minimum | Should -BeLessOrEqual $Limits.LongestTurnMinutes
      }
    }
  }
}

Describe 'A connected node with a new version' {
  BeforeEach {
    $node = New-RegisteredNode
    $null = Invoke-Script $node
    $null = Invoke-Rotation $node
    Clear-Calls $node
    Write-Node $node clock ([DateTime]::new(2026, 3, 11, 12, 0, 0).Ticks)
  }

  It 'waits for its turn where that comes soon' {
    $started = [DateTime]::new([long] (Read-Node $node clock))
    $run = Invoke-Script $node
    $run.Code | Should -Be 0
    $turn = Get-Turn $started 'SHIR01' 120 ''
    $run.Text | Should -Match "waits until $($turn.ToString('yyyy-MM-dd HH:mm'))"
    Get-Calls $node | Should -Be '-Key', '-Restart'
    [DateTime]::new([long] (Read-Node $node clock)) | Should -BeGreaterThan $turn
  }

  It 'is left to a later run where its hours are far, and then taken within them' {
    $run = Invoke-Script $node @{ Hours = '22-5' }
    $run.Code | Should -Be 0
    Get-Calls $node | Should -BeNullOrEmpty
    Read-Node $node events | Should -Match 'Information 1001 Version \w+ waits until 2026-03-11 2[23]:'
    foreach ($round in 1..6) { Skip-Time $node '02:00:00'; $null = Invoke-Script $node @{ Hours = '22-5' } }
    Get-Calls $node | Should -Be '-Key', '-Restart'
    (Get-State $node).Version | Should -Be (Invoke-Lever look).version
  }

  It 'takes the version that the vault names when its turn has come' {
    $run = Invoke-Script $node @{} {
      function Wait-Seconds([double] $Seconds) {
        # The turn of SHIR01 is more than ten minutes after noon; no other pause is as long.
        if ($Seconds -gt 600) { $null = Invoke-Rotation $Node }
        Write-Node $Node clock ((Get-Now).AddSeconds($Seconds).Ticks)
      }
    }
    $run.Code | Should -Be 0 -Because $run.Text
    (Get-State $node).Version | Should -Be (Invoke-Lever look).version
  }
}
