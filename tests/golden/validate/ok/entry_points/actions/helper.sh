echo helped
