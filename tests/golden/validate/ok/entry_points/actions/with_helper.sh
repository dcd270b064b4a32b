. ./helper.sh
