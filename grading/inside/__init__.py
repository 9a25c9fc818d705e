"""What runs beside a submission, in its sandbox: nothing here is trusted once it has started."""
