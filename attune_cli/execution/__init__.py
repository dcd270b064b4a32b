"""One action from its ref to its result: parameters, delivery, environment, the run, the result, and
what the platform would have done differently. Each module is one step; `action` ties them."""
