module attune-core-timer-sensor

go 1.24
