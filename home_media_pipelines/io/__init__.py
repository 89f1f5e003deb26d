"""What touches the outside and knows no table: processes, disks, HTTP out."""
