# nothing; here
-- nor; here
--
/* a /* does not nest; */ SELECT 1;
SELECT 2 # behind; it
 + 3 -- and; here
 - 4--5;
--	tab; too
SELECT /*+ NO_INDEX(t) */ 1 FROM t;
/*!40101 SET NAMES utf8mb4; SET x = 1 */;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET NEW.a = '*/'; /* plain */ SET NEW.b = 2; END */;
/*M!100100 nothing; on mysql */;
SELECT 6;
