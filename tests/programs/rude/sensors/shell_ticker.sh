n=0
while :; do
    n=$((n + 1))
    PYTHONPATH=lib python3 -c "import world; world.post({'count': $n}, rule=1)"
done
