-- a mark in front
SELECT 1;
﻿SELECT 2;
