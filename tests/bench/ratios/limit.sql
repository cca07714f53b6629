\set card random(1, 10000)
BEGIN;
SELECT shop FROM device WHERE secret = md5('7');
SELECT id FROM card WHERE id = :card FOR NO KEY UPDATE;
INSERT INTO operation (key, card) VALUES (gen_random_uuid(), :card) ON CONFLICT DO NOTHING;
UPDATE card SET balance = balance + 1 WHERE id = :card RETURNING balance;
COMMIT;
SELECT id, balance FROM card WHERE id = :card;
