echo left
