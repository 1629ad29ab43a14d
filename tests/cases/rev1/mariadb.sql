CREATE TABLE `more` (
  `id` int(11) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
CREATE TABLE `notes` (
  `body` varchar(20) DEFAULT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
INSERT INTO `notes` VALUES ('one');
CREATE TABLE `rev_applied` (
  `id` varchar(191) NOT NULL,
  `seq` bigint(20) NOT NULL,
  `up_digest` varchar(191) NOT NULL,
  `down_digest` varchar(191) NOT NULL,
  `parents` longtext NOT NULL,
  `depends_on` longtext NOT NULL,
  `how` varchar(191) NOT NULL,
  `at` varchar(191) NOT NULL,
  `who` longtext NOT NULL,
  PRIMARY KEY (`id`),
  UNIQUE KEY `seq` (`seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `rev_applied` VALUES ('a',5,'b9c93bec8a540811527de8c7522676e9c8dca207b38bfc1f44b862fad40eab9e','derived','','','ran','2026-11-30T23:23:49Z','ann@host');
INSERT INTO `rev_applied` VALUES ('b',9,'e28315e5239ea40cf81af5d36034558416eb4678c28180d45923f62a3023378d','0d353b12ea779c2753638475b154c8e5eb948871b445c2fac7d21928e1fda8b1','a','','ran','2026-11-30T23:23:49Z','ann@host');
INSERT INTO `rev_applied` VALUES ('c',14,'f9a8a7ed062d0f8c5f354bc127ca521538d952c035c1f86709242386bbcb768b','dcd871c103396f39c5ce00a668bd0697eb0c1ec3a886d78faef98ff219b7b858','b','','ran','2026-11-30T23:23:49Z','ann@host');
CREATE TABLE `rev_log` (
  `seq` bigint(20) NOT NULL,
  `run` varchar(191) NOT NULL,
  `at` varchar(191) NOT NULL,
  `who` longtext NOT NULL,
  `event` varchar(191) NOT NULL,
  `revision` varchar(191) DEFAULT NULL,
  `direction` varchar(191) DEFAULT NULL,
  `statement` bigint(20) DEFAULT NULL,
  `digest` varchar(191) DEFAULT NULL,
  `detail` longtext DEFAULT NULL,
  PRIMARY KEY (`seq`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `rev_log` VALUES (1,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','format',NULL,NULL,NULL,NULL,'rev1');
INSERT INTO `rev_log` VALUES (2,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','began','a','up',NULL,'b9c93bec8a540811527de8c7522676e9c8dca207b38bfc1f44b862fad40eab9e','{\"down_digest\":\"derived\",\"parents\":[],\"depends_on\":[],\"statements\":[\"07cbd325654e04707a0efb5d7745c24e33ea7193135a07f1f4289f5a5795e269\"]}');
INSERT INTO `rev_log` VALUES (3,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','intent','a','up',0,'07cbd325654e04707a0efb5d7745c24e33ea7193135a07f1f4289f5a5795e269','{\"before\":false}');
INSERT INTO `rev_log` VALUES (4,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','a','up',0,'07cbd325654e04707a0efb5d7745c24e33ea7193135a07f1f4289f5a5795e269',NULL);
INSERT INTO `rev_log` VALUES (5,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','a','up',NULL,'b9c93bec8a540811527de8c7522676e9c8dca207b38bfc1f44b862fad40eab9e','{\"parents\":[],\"depends_on\":[]}');
INSERT INTO `rev_log` VALUES (6,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','began','b','up',NULL,'e28315e5239ea40cf81af5d36034558416eb4678c28180d45923f62a3023378d','{\"down_digest\":\"0d353b12ea779c2753638475b154c8e5eb948871b445c2fac7d21928e1fda8b1\",\"parents\":[\"a\"],\"depends_on\":[],\"statements\":[\"523ee7d8bb430f0bcb969546d49f91e8911285d4dec53fcbde370c63b2878b62\",\"170b850d237567828903adc0660dda40cefba76b4cd5a399d8945b85a86cb029\"]}');
INSERT INTO `rev_log` VALUES (7,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','b','up',0,'523ee7d8bb430f0bcb969546d49f91e8911285d4dec53fcbde370c63b2878b62',NULL);
INSERT INTO `rev_log` VALUES (8,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','b','up',1,'170b850d237567828903adc0660dda40cefba76b4cd5a399d8945b85a86cb029',NULL);
INSERT INTO `rev_log` VALUES (9,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','b','up',NULL,'e28315e5239ea40cf81af5d36034558416eb4678c28180d45923f62a3023378d','{\"parents\":[\"a\"],\"depends_on\":[]}');
INSERT INTO `rev_log` VALUES (10,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','began','c','up',NULL,'f9a8a7ed062d0f8c5f354bc127ca521538d952c035c1f86709242386bbcb768b','{\"down_digest\":\"dcd871c103396f39c5ce00a668bd0697eb0c1ec3a886d78faef98ff219b7b858\",\"parents\":[\"b\"],\"depends_on\":[],\"statements\":[\"2353126d90d3cb01ca1d4f109ea530a066bd9cd4c6589b8425fbb4d910116751\",\"9381b900d91d0159234f559c02d69f5533a1da867183f14edda4f44b53e1ba73\"]}');
INSERT INTO `rev_log` VALUES (11,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','intent','c','up',0,'2353126d90d3cb01ca1d4f109ea530a066bd9cd4c6589b8425fbb4d910116751','{\"before\":false}');
INSERT INTO `rev_log` VALUES (12,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','c','up',0,'2353126d90d3cb01ca1d4f109ea530a066bd9cd4c6589b8425fbb4d910116751',NULL);
INSERT INTO `rev_log` VALUES (13,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','c','up',1,'9381b900d91d0159234f559c02d69f5533a1da867183f14edda4f44b53e1ba73',NULL);
INSERT INTO `rev_log` VALUES (14,'a4c2a77f7ce3','2026-11-30T23:23:49Z','ann@host','done','c','up',NULL,'f9a8a7ed062d0f8c5f354bc127ca521538d952c035c1f86709242386bbcb768b','{\"parents\":[\"b\"],\"depends_on\":[]}');
INSERT INTO `rev_log` VALUES (15,'24b8a7efe865','2026-11-30T23:23:49Z','ann@host','began','d','up',NULL,'28ab832a07482e35fb514f429ee7fac6f7858348c0e7a50b891444d0c7edcdc1','{\"down_digest\":\"afd26a607011a7d39abe83418e3f4fde90caed7f92732d8c1b649ec6eba4f391\",\"parents\":[\"c\"],\"depends_on\":[],\"statements\":[\"46030ccee47c32d6b99d9e9eb09bffa31c05c73c403b4b620452b9ef0abb11d8\",\"46030ccee47c32d6b99d9e9eb09bffa31c05c73c403b4b620452b9ef0abb11d8\"]}');
INSERT INTO `rev_log` VALUES (16,'24b8a7efe865','2026-11-30T23:23:49Z','ann@host','intent','d','up',0,'46030ccee47c32d6b99d9e9eb09bffa31c05c73c403b4b620452b9ef0abb11d8','{\"before\":false}');
INSERT INTO `rev_log` VALUES (17,'24b8a7efe865','2026-11-30T23:23:49Z','ann@host','done','d','up',0,'46030ccee47c32d6b99d9e9eb09bffa31c05c73c403b4b620452b9ef0abb11d8',NULL);
INSERT INTO `rev_log` VALUES (18,'24b8a7efe865','2026-11-30T23:23:49Z','ann@host','intent','d','up',1,'46030ccee47c32d6b99d9e9eb09bffa31c05c73c403b4b620452b9ef0abb11d8','{\"before\":true}');
INSERT INTO `rev_log` VALUES (19,'24b8a7efe865','2026-11-30T23:23:49Z','ann@host','failed','d','up',1,'46030ccee47c32d6b99d9e9eb09bffa31c05c73c403b4b620452b9ef0abb11d8','Table \'more\' already exists');
CREATE TABLE `rev_text` (
  `id` varchar(191) NOT NULL,
  `up_digest` varchar(191) NOT NULL,
  `down_digest` varchar(191) NOT NULL,
  `file` longtext NOT NULL,
  `body` longtext NOT NULL,
  `up` longtext NOT NULL,
  `down` longtext DEFAULT NULL,
  PRIMARY KEY (`id`,`up_digest`,`down_digest`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT INTO `rev_text` VALUES ('a','b9c93bec8a540811527de8c7522676e9c8dca207b38bfc1f44b862fad40eab9e','derived','revisions/a.yaml','revision: a\nparents: []\nmessage: the users\nup:\n  - create_table:\n      name: users\n      columns:\n        - {name: id, type: integer, nullable: false}\n        - {name: email, type: text}\n      constraints:\n        - primary_key: {columns: [id]}\n','[{\"sql\":\"CREATE TABLE users (\\n  id int NOT NULL,\\n  email longtext,\\n  PRIMARY KEY (id)\\n)\",\"line\":5,\"transactional\":true}]','[{\"sql\":\"DROP TABLE users\",\"line\":5,\"transactional\":true}]');
INSERT INTO `rev_text` VALUES ('b','e28315e5239ea40cf81af5d36034558416eb4678c28180d45923f62a3023378d','0d353b12ea779c2753638475b154c8e5eb948871b445c2fac7d21928e1fda8b1','revisions/b.sql','-- revision: b\n-- parents: [a]\n-- message: two users\n\n-- rev: up\nINSERT INTO users VALUES (1, \'ann\');\nINSERT INTO users VALUES (2, \'ben; \'\'x\'\'\');\n\n-- rev: down\nDELETE FROM users\n  WHERE id IN (1, 2);\n','[{\"sql\":\"INSERT INTO users VALUES (1, \'ann\')\",\"line\":6,\"transactional\":true},{\"sql\":\"INSERT INTO users VALUES (2, \'ben; \'\'x\'\'\')\",\"line\":7,\"transactional\":true}]','[{\"sql\":\"DELETE FROM users\\n  WHERE id IN (1, 2)\",\"line\":10,\"transactional\":true}]');
INSERT INTO `rev_text` VALUES ('c','f9a8a7ed062d0f8c5f354bc127ca521538d952c035c1f86709242386bbcb768b','dcd871c103396f39c5ce00a668bd0697eb0c1ec3a886d78faef98ff219b7b858','revisions/c.sql','-- revision: c\n-- parents: [b]\n-- message: notes\n\n-- rev: up\nCREATE TABLE notes (body varchar(20));\nINSERT INTO notes VALUES (\'one\');\n\n-- rev: down\nDROP TABLE notes;\n','[{\"sql\":\"CREATE TABLE notes (body varchar(20))\",\"line\":6,\"transactional\":true},{\"sql\":\"INSERT INTO notes VALUES (\'one\')\",\"line\":7,\"transactional\":true}]','[{\"sql\":\"DROP TABLE notes\",\"line\":10,\"transactional\":true}]');
INSERT INTO `rev_text` VALUES ('d','28ab832a07482e35fb514f429ee7fac6f7858348c0e7a50b891444d0c7edcdc1','afd26a607011a7d39abe83418e3f4fde90caed7f92732d8c1b649ec6eba4f391','revisions/d.sql','-- revision: d\n-- parents: [c]\n-- message: more notes\n-- transaction: none\n\n-- rev: up\nCREATE TABLE more (id integer);\nCREATE TABLE more (id integer);\n\n-- rev: down\nDROP TABLE more;\n','[{\"sql\":\"CREATE TABLE more (id integer)\",\"line\":7,\"transactional\":false},{\"sql\":\"CREATE TABLE more (id integer)\",\"line\":8,\"transactional\":false}]','[{\"sql\":\"DROP TABLE more\",\"line\":11,\"transactional\":false}]');
CREATE TABLE `users` (
  `id` int(11) NOT NULL,
  `email` longtext DEFAULT NULL,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;
INSERT INTO `users` VALUES (1,'ann');
INSERT INTO `users` VALUES (2,'ben; \'x\'');
