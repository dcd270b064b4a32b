import sys
sys.exit()
